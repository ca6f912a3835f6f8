import { createHash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { DomainError, utf8 } from '@qej/kernel';
import { commitEntry, verifyEntry, type EntryBody } from './index.ts';

const salt = new Uint8Array(32).fill(7);
const body: EntryBody = {
  v: 1,
  type: 'closing',
  at: '2026-11-23T05:00:00.000Z',
  lotId: 'ab',
  root: '00',
  note: '开标',
};

test('a commitment is SHA-256 over label, salt and body with their lengths, as node:crypto counts it', (t) => {
  const { commitment, body: bytes } = commitEntry(body, salt);
  const u32 = (n: number): Buffer => {
    const b = Buffer.alloc(4);
    b.writeUInt32BE(n);
    return b;
  };
  t.is(
    new TextDecoder().decode(bytes),
    '{"at":"2026-11-23T05:00:00.000Z","lotId":"ab","note":"开标","root":"00","type":"closing","v":1}',
  );
  const expected = createHash('sha256')
    .update('qej-entry/1\0')
    .update(u32(32))
    .update(salt)
    .update(u32(bytes.length))
    .update(bytes)
    .digest();
  t.deepEqual(Buffer.from(commitment), expected);
});

test('an entry is read back, and any flipped bit of body, salt or commitment is refused', (t) => {
  const entry = commitEntry(body, salt);
  t.deepEqual(verifyEntry(entry), body);
  fc.assert(
    fc.property(fc.constantFrom('body', 'salt', 'commitment'), fc.nat(), (part, bit) => {
      const copy = entry[part as 'body'].slice();
      copy[(bit >> 3) % copy.length]! ^= 1 << (bit & 7);
      t.throws(() => verifyEntry({ ...entry, [part]: copy }), { instanceOf: DomainError, code: 'E_ENTRY_COMMITMENT' });
    }),
  );
});

test('bodies of another version, type or time shape are refused, and so is a salt that is not 32 bytes', (t) => {
  const bad: unknown[] = [
    { ...body, v: 2 },
    { ...body, type: 'Closing' },
    { ...body, type: '' },
    { ...body, at: '2026-11-23T05:00:00Z' },
    { v: 1, type: 'x' },
    [],
    null,
    'x',
  ];
  for (const one of bad)
    t.throws(
      () => commitEntry(one as EntryBody, salt),
      { instanceOf: DomainError, code: 'E_ENTRY_FORMAT' },
      JSON.stringify(one),
    );
  t.throws(() => commitEntry(body, salt.slice(1)), { instanceOf: DomainError, code: 'E_ENTRY_FORMAT' });
  t.throws(() => commitEntry({ ...body, price: 1.5 }, salt), { instanceOf: DomainError, code: 'E_FORMAT' });
});

test('equal bodies under different salts have nothing in common, and a body cannot borrow bytes from its salt', (t) => {
  const other = commitEntry(body, new Uint8Array(32).fill(8));
  t.notDeepEqual(commitEntry(body, salt).commitment, other.commitment);
  t.throws(() => verifyEntry({ ...other, salt: new Uint8Array(31), body: utf8('x') }), {
    instanceOf: DomainError,
    code: 'E_ENTRY_FORMAT',
  });
});
