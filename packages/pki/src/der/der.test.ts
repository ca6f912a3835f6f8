import test from 'ava';
import fc from 'fast-check';
import { DomainError, fromHex, instant, toHex } from '@qej/kernel';
import {
  bmpString,
  derNamedBits,
  derOid,
  derText,
  derTime,
  derUnsigned,
  generalizedTime,
  integer,
  namedBits,
  oid,
  readDer,
  sequence,
  time,
} from './index.ts';

const refused = { instanceOf: DomainError, code: 'E_DER' };

test('integers of any size come back', (t) => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 300n }), (value) => t.is(derUnsigned(readDer(integer(value))), value)),
  );
});

test('object identifiers come back, the 128-bit arc under 2.25 included', (t) => {
  const arcs = fc.array(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(arcs, (rest) => t.is(derOid(readDer(oid(['2.25', ...rest].join('.')))), ['2.25', ...rest].join('.'))),
  );
  t.is(toHex(oid('1.2.840.113549.1.7.2')), '06092a864886f70d010702');
});

test('times come back to the second, and to the millisecond as GeneralizedTime', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.parse('1950-01-01T00:00:00Z') / 1000, max: Date.parse('2120-01-01T00:00:00Z') / 1000 }),
      fc.integer({ min: 0, max: 999 }),
      (seconds, millis) => {
        t.is(derTime(readDer(time(instant(seconds * 1000)))), instant(seconds * 1000));
        t.is(derTime(readDer(generalizedTime(instant(seconds * 1000 + millis)))), instant(seconds * 1000 + millis));
      },
    ),
  );
});

test('named bits and UTF-16 text come back', (t) => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 20 })), (bits) =>
      t.deepEqual(
        [...derNamedBits(readDer(namedBits(bits)))],
        bits.toSorted((a, b) => a - b),
      ),
    ),
  );
  t.is(derText(readDer(bmpString('青e见 seal'))), '青e见 seal');
});

const ber: Readonly<Record<string, string>> = {
  'an indefinite length': '30800000',
  'a length that is not minimal': '30810100',
  'a long form below 128': '0481020102',
  'bytes behind the value': '0201050500',
  'a length over the end': '020501',
  'a primitive SEQUENCE': '1000',
  'a high tag number': '1f810000',
  'no bytes at all': '',
};

for (const [name, hex] of Object.entries(ber)) {
  test(`${name} is refused`, (t) => {
    t.throws(() => readDer(fromHex(hex)), refused);
  });
}

test('a padded integer, an odd boolean and an impossible date are refused', (t) => {
  t.throws(() => derUnsigned(readDer(fromHex('02020001'))), refused);
  t.throws(() => derUnsigned(readDer(fromHex('0201ff'))), refused);
  t.throws(() => derTime(readDer(new Uint8Array([0x17, 13, ...new TextEncoder().encode('260230000000Z')]))), refused);
  t.throws(() => derOid(readDer(fromHex('06028001'))), refused);
});

test('nesting beyond the bound is refused instead of exhausting the stack', (t) => {
  let nested = sequence();
  for (let i = 0; i < 40; i++) nested = sequence(nested);
  t.throws(() => readDer(nested), refused);
});
