import test from 'ava';
import { envelopeInfo, envelopeKinds, openEnvelope, sealEnvelope } from '@qej/guarantees';
import type { EnvelopeContext } from '@qej/guarantees';
import { DomainError, fromBase64, fromHex, toHex, utf8 } from '@qej/kernel';
import { newHolderScalar, scalarDecrypter, webCryptoProvider } from '@qej/sealed-bid';
import { nodeProvider } from '@qej/sealed-bid/node';
import { readFileSync } from 'node:fs';

const context: EnvelopeContext = { kind: 'quote', guarantorId: '913702020000000070', orderId: '6'.repeat(32) };
const scalar = await newHolderScalar(nodeProvider);
const recipientOf = async (key: Uint8Array): Promise<Uint8Array> => {
  const point = await nodeProvider.publicKeyOf(key);
  if (point === undefined) throw new Error('scalar');
  return point;
};
const seal = async (bytes: Uint8Array, to: EnvelopeContext = context): Promise<Uint8Array> =>
  sealEnvelope(webCryptoProvider.wrap, { recipient: await recipientOf(scalar), context: to }, bytes);

test('what the browser seals the server opens, always at the length of its kind', async (t) => {
  for (const length of [0, 1, 5_000, envelopeKinds.quote - 134]) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    const envelope = await seal(bytes);
    t.is(envelope.length, envelopeKinds.quote);
    t.deepEqual(await openEnvelope(scalarDecrypter(nodeProvider, scalar), context, envelope), bytes);
  }
  await t.throwsAsync(seal(new Uint8Array(envelopeKinds.quote - 133)), {
    instanceOf: DomainError,
    code: 'E_ENVELOPE_SIZE',
  });
});

test('the same content twice gives nothing in common', async (t) => {
  const [a, b] = [await seal(utf8('x')), await seal(utf8('x'))];
  t.notDeepEqual(a.slice(1, 114), b.slice(1, 114));
  t.notDeepEqual(a.slice(114), b.slice(114));
});

test('any flipped byte, another order, guarantor, kind or key: it does not open', async (t) => {
  const key = scalarDecrypter(nodeProvider, scalar);
  const envelope = await seal(utf8('offer'));
  const places = [0, 1, 2, 65, 66, 100, 113, 114, 200, 4_000, envelope.length - 17, envelope.length - 1];
  for (const place of places) {
    const broken = envelope.map((byte, i) => (i === place ? byte ^ 1 : byte));
    await t.throwsAsync(openEnvelope(key, context, broken), { instanceOf: DomainError }, `byte ${place}`);
  }
  const others = [{ orderId: '7'.repeat(32) }, { guarantorId: '913702020000000071' }, { kind: 'application' as const }];
  for (const other of others)
    await t.throwsAsync(openEnvelope(key, { ...context, ...other }, envelope), { instanceOf: DomainError });
  const stranger = scalarDecrypter(nodeProvider, await newHolderScalar(nodeProvider));
  await t.throwsAsync(openEnvelope(stranger, context, envelope), { instanceOf: DomainError, code: 'E_UNWRAP' });
});

interface Vector {
  readonly scalar: string;
  readonly point: string;
  readonly context: EnvelopeContext;
  readonly info: string;
  readonly envelope: string;
  readonly bytes: string;
}

test('the published envelope opens to its published bytes', async (t) => {
  const path = new URL('../../../docs/formats/vectors/guarantee-envelope.json', import.meta.url);
  const vector = JSON.parse(readFileSync(path, 'utf8')) as Vector;
  const key = fromHex(vector.scalar);
  t.is(toHex(await recipientOf(key)), vector.point);
  t.is(toHex(envelopeInfo(vector.context)), vector.info);
  const opened = await openEnvelope(scalarDecrypter(nodeProvider, key), vector.context, fromBase64(vector.envelope));
  t.is(toHex(opened), vector.bytes);
});
