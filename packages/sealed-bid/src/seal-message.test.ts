import { DomainError, toHex } from '@qej/kernel';
import test from 'ava';
import { sampleLot, sealSample } from '../test/sample-bid.ts';
import {
  checkSuccession,
  encodeSealMessage,
  newSealSecrets,
  openSealMessage,
  SEAL_MESSAGE_LENGTH,
  withdrawalOf,
  type SealBody,
} from './index.ts';
import { nodeProvider as p } from './node.ts';

const secrets = await newSealSecrets(p);
const body: SealBody = {
  v: 1,
  lotId: '1'.repeat(32),
  opaqueId: '2'.repeat(32),
  bidRoot: '3'.repeat(64),
  registerHash: '4'.repeat(64),
  objectCount: 3,
  action: 'seal',
};
const message = await openSealMessage(p, await encodeSealMessage(p, body, secrets.capability));

test('a seal message has one size and comes back as it was written', async (t) => {
  const bytes = await encodeSealMessage(p, body, secrets.capability);
  t.is(bytes.length, SEAL_MESSAGE_LENGTH);
  t.deepEqual(message.body, body);
  t.is(message.capKey, toHex((await p.publicKeyOf(secrets.capability)) ?? new Uint8Array(0)));
});

test('a withdrawal and a replacement follow their predecessor only under the same capability key', async (t) => {
  const withdrawal = await openSealMessage(p, await encodeSealMessage(p, withdrawalOf(message), secrets.capability));
  t.notThrows(() => checkSuccession(message, withdrawal));
  const next: SealBody = { ...body, opaqueId: '5'.repeat(32), bidRoot: '6'.repeat(64), prev: message.messageHash };
  const replacement = await openSealMessage(p, await encodeSealMessage(p, next, secrets.capability));
  t.notThrows(() => checkSuccession(message, replacement));
  const other = await newSealSecrets(p);
  const forged = await openSealMessage(p, await encodeSealMessage(p, withdrawalOf(message), other.capability));
  const wrong: readonly (readonly [typeof message, typeof message])[] = [
    [message, forged],
    [withdrawal, withdrawal],
    [replacement, withdrawal],
    [message, { ...withdrawal, body: { ...withdrawal.body, bidRoot: '0'.repeat(64) } }],
    [message, { ...replacement, body: { ...replacement.body, opaqueId: body.opaqueId } }],
    [message, message],
  ];
  for (const [previous, following] of wrong) {
    t.throws(() => checkSuccession(previous, following), { instanceOf: DomainError, code: 'E_SEAL_SUCCESSION' });
  }
});

test('wrong length, a withdrawal of nothing and bytes after the signature are refused', async (t) => {
  const bytes = await encodeSealMessage(p, body, secrets.capability);
  const refused = (changed: Uint8Array, code: string) =>
    t.throwsAsync(openSealMessage(p, changed), { instanceOf: DomainError, code });
  await refused(bytes.slice(1), 'E_SEAL_MESSAGE');
  await refused(new Uint8Array(0), 'E_SEAL_MESSAGE');
  await refused(
    bytes.map((byte, i) => (i === bytes.length - 1 ? 1 : byte)),
    'E_SEAL_MESSAGE',
  );
  await refused(
    bytes.map((byte, i) => (i === 0 ? 0xff : byte)),
    'E_SEAL_MESSAGE',
  );
  await refused(await encodeSealMessage(p, { ...body, action: 'withdraw' }, secrets.capability), 'E_SEAL_MESSAGE');
  const { message: signed } = await sealSample(p, await sampleLot(p));
  const [jsonEnd] = [4 + new DataView(signed.buffer, signed.byteOffset).getUint32(0)];
  await refused(
    signed.map((byte, i) => (i === jsonEnd + 4 + 65 + 4 + 40 ? byte ^ 1 : byte)),
    'E_SEAL_SIGNATURE',
  );
});

test('a message without a known version or with an unknown member is not written', async (t) => {
  const odd = { ...body, note: 'x' } as SealBody;
  await t.throwsAsync(encodeSealMessage(p, odd, secrets.capability), { instanceOf: DomainError, code: 'E_FORMAT' });
  const next = { ...body, v: 2 } as unknown as SealBody;
  await t.throwsAsync(encodeSealMessage(p, next, secrets.capability), { instanceOf: DomainError, code: 'E_VERSION' });
});
