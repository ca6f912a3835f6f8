import test from 'ava';
import fc from 'fast-check';
import {
  advance,
  canonicalBytes,
  canonicalJson,
  DomainError,
  formatMoney,
  fromBase64Url,
  fromHex,
  parseCanonical,
  parseMoney,
  Secret,
  toBase64Url,
  toHex,
  utf8,
} from './index.ts';

test('canonical JSON sorts members by UTF-16 units and refuses floats', (t) => {
  t.is(canonicalJson({ b: 1, a: ['x', null, true], '€': -3 }), '{"a":["x",null,true],"b":1,"€":-3}');
  t.throws(() => canonicalJson({ a: 0.1 }), { instanceOf: DomainError, code: 'E_FORMAT' });
  t.throws(() => canonicalJson({ a: undefined }), { instanceOf: DomainError, code: 'E_FORMAT' });
  t.throws(() => canonicalJson('e\u0301'), { instanceOf: DomainError, code: 'E_FORMAT' });
});

test('a canonical document parses back to itself, any other spelling is refused', (t) => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: true }), (value) => {
      const keepIntegers = JSON.parse(JSON.stringify(value), (_, v: unknown) =>
        typeof v === 'number' ? Math.trunc(v) % 1e9 || 0 : v,
      ) as unknown;
      const bytes = canonicalBytes(keepIntegers);
      t.deepEqual(canonicalBytes(parseCanonical(bytes)), bytes);
    }),
  );
  for (const text of ['{"a":1,"a":2}', '{ "a":1}', '{"b":1,"a":2}', '1.0', '1e2', '"\\u0041"', '-0']) {
    t.throws(() => parseCanonical(utf8(text)), { instanceOf: DomainError, code: 'E_FORMAT' }, text);
  }
});

test('money prints and parses to the same fen and refuses every other spelling', (t) => {
  fc.assert(
    fc.property(fc.bigInt({ min: -9_007_199_254_740_991n, max: 9_007_199_254_740_991n }), (amountMinor) => {
      t.is(parseMoney(formatMoney({ amountMinor, currency: 'CNY' })).amountMinor, amountMinor);
    }),
  );
  for (const text of [
    '1',
    '1.2',
    '1.234',
    '01.00',
    '-0.00',
    '1e3',
    '８０.00',
    '1,000.00',
    'NaN',
    '',
    ' 1.00',
    '99999999999999999.00',
  ]) {
    t.throws(() => parseMoney(text), { instanceOf: DomainError, code: 'E_MONEY' }, text);
  }
});

test('bytes survive hex and base64url', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 99 }), (bytes) => {
      t.deepEqual([...fromHex(toHex(bytes))], [...bytes]);
      t.deepEqual([...fromBase64Url(toBase64Url(bytes))], [...bytes]);
    }),
  );
});

test('a secret prints nothing of itself', (t) => {
  const secret = new Secret('hunter2');
  t.false(`${String(secret)} ${JSON.stringify({ secret })}`.includes('hunter2'));
  t.is(secret.reveal(), 'hunter2');
});

test('a transition outside the table is refused with state and event', (t) => {
  const table = { open: { close: 'closed' }, closed: {} } as const;
  t.is(advance<'open' | 'closed', 'close'>(table, 'open', 'close'), 'closed');
  const error = t.throws(() => advance<'open' | 'closed', 'close'>(table, 'closed', 'close'), {
    instanceOf: DomainError,
    code: 'E_STATE',
  });
  t.deepEqual(error.params, { state: 'closed', event: 'close' });
});
