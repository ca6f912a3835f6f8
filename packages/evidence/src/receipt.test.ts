import test from 'ava';
import fc from 'fast-check';
import { concatBytes, DomainError, instant, newId, Secret, toHex, u64be, utf8, type Instant } from '@qej/kernel';
import { MemoryLogStore } from '../test/memory-log-store.ts';
import { leafData } from '../test/reference-tree.ts';
import {
  addSignatures,
  buildTick,
  commitEntry,
  cosign,
  createNoteSigner,
  formatReceiptPackage,
  issueReceipt,
  newNoteSeed,
  openLogWriter,
  parseNote,
  parseReceipt,
  parseReceiptPackage,
  receiptActHash,
  receiptBytes,
  tickBody,
  verifyEd25519,
  verifyReceiptPackage,
  type NoteSigner,
  type ReceiptPackage,
  type ReceiptVerification,
} from './index.ts';

const random = (length: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(length));
const key = (name: string, kind: 'ed25519' | 'cosignature' = 'ed25519'): Promise<NoteSigner> =>
  createNoteSigner({ name, kind, seed: newNoteSeed() });
const RECEIVED = instant(Date.UTC(2026, 10, 23, 5));
const refused = (code: string) => ({ instanceOf: DomainError, code });

async function signatureBy(signer: NoteSigner, signature: Uint8Array, content: Uint8Array): Promise<string> {
  if (signature.length !== 64 || !(await verifyEd25519(signer.publicKey, signature, content)))
    throw new Error('bad signature');
  return signer.name;
}

/** Ed25519 stands where CMS and RFC 3161 will be: this package only calls ports, and these really sign. */
async function makeWorld(stampedAt: Instant = instant(RECEIVED + 40)) {
  const origin = 'log.example/one';
  const [platform, tsa, logKey, witness] = await Promise.all([
    key('platform'),
    key('tsa'),
    key(origin),
    key('w.example/1', 'cosignature'),
  ]);
  const ports = {
    signCms: (content: Uint8Array) => platform.sign(content),
    timestamp: async (content: Uint8Array) =>
      concatBytes(u64be(stampedAt), await tsa.sign(concatBytes(u64be(stampedAt), content))),
  };
  const checks: ReceiptVerification<string, { at: Instant; accuracyMs: number; independent: boolean }> = {
    verifyCms: (cms, content) => signatureBy(platform, cms, content),
    async verifyTimestamp(token, content) {
      await signatureBy(tsa, token.slice(8), concatBytes(token.slice(0, 8), content));
      return {
        at: instant(Number(new DataView(token.buffer, token.byteOffset, 8).getBigUint64(0))),
        accuracyMs: 10,
        independent: false,
      };
    },
    witnessPolicy: { origin, logKey: logKey.vkey, witnesses: [{ vkey: witness.vkey, independent: false }], quorum: 1 },
    maxTimestampDelayMs: 5000,
    requireTick: true,
  };
  const messageHash = leafData(1);
  const signed = await issueReceipt({ messageHash, receivedAt: RECEIVED, lotId: newId() }, ports);
  const salt = random(32);
  const tick = buildTick({
    acts: [
      { hash: random(32), salt: random(32) },
      { hash: receiptActHash(signed.receipt), salt },
    ],
    prfKey: new Secret(random(32)),
    seq: 4,
    random,
  });
  const entry = commitEntry(tickBody(tick, instant(RECEIVED + 9000)), random(32));
  const store = new MemoryLogStore();
  const log = await openLogWriter({
    store,
    guard: { load: async () => undefined, store: async () => {} },
    signer: logKey,
    origin,
  });
  for (const one of [leafData(2), entry.commitment, leafData(3)]) store.append(one);
  await log.integrate();
  const { note } = await log.publish();
  const checkpoint = addSignatures(note, [await cosign(parseNote(note).text, witness, instant(RECEIVED + 10_000))]);
  const { slot, proof } = tick.placements[1]!;
  const way = {
    entryBody: entry.body,
    entrySalt: entry.salt,
    actSalt: salt,
    slot,
    tickProof: proof,
    leafIndex: 1,
    inclusionProof: await log.reader().inclusionProof(1),
    checkpoint,
  };
  const pack: ReceiptPackage = { ...signed, tsaIndependent: false, tick: way };
  return { pack, way, checks, messageHash, note, signed };
}

test('a receipt package verifies in named steps and says who signed, when, and whose tick it is in', async (t) => {
  const { pack, checks, messageHash } = await makeWorld();
  const checked = await verifyReceiptPackage(formatReceiptPackage(pack), { ...checks, messageHash });
  t.is(checked.signer, 'platform');
  t.is(checked.receipt.receivedAt, RECEIVED);
  t.is(checked.log?.tickSeq, 4);
  t.false(checked.timestamp.independent);
  t.deepEqual(
    checked.log?.checkpoint.cosignatures.map(({ name, independent }) => [name, independent]),
    [['w.example/1', false]],
  );
  t.deepEqual(checked.steps, [
    'format',
    'message',
    'cms',
    'timestamp',
    'time',
    'tick-entry',
    'tick',
    'checkpoint',
    'inclusion',
  ]);
});

test('a receipt without its tick verifies where none is asked, and names the lack where one is', async (t) => {
  const { signed, checks } = await makeWorld();
  const bytes = formatReceiptPackage({ ...signed, tsaIndependent: false });
  await t.throwsAsync(verifyReceiptPackage(bytes, checks), refused('E_RECEIPT_TICK_MISSING'));
  t.is((await verifyReceiptPackage(bytes, { ...checks, requireTick: false })).log, undefined);
});

test('each broken premise of a receipt package has its own code', async (t) => {
  const { pack, way, checks, note } = await makeWorld();
  const wrong = (bytes: Uint8Array): Uint8Array => bytes.with(0, bytes[0]! ^ 1);
  const cases: [string, ReceiptPackage][] = [
    ['E_RECEIPT_CMS', { ...pack, cms: wrong(pack.cms) }],
    ['E_RECEIPT_TIMESTAMP', { ...pack, timestampToken: pack.timestampToken.with(20, pack.timestampToken[20]! ^ 1) }],
    ['E_TICK_PROOF', { ...pack, tick: { ...way, actSalt: wrong(way.actSalt) } }],
    ['E_TICK_PROOF', { ...pack, tick: { ...way, slot: way.slot ^ 1 } }],
    ['E_LOG_INCLUSION', { ...pack, tick: { ...way, entrySalt: wrong(way.entrySalt) } }],
    ['E_LOG_INCLUSION', { ...pack, tick: { ...way, leafIndex: 0 } }],
    ['E_LOG_INCLUSION', { ...pack, tick: { ...way, inclusionProof: [] } }],
    ['E_COSIGNATURE_QUORUM', { ...pack, tick: { ...way, checkpoint: note } }],
    [
      'E_TICK_FORMAT',
      {
        ...pack,
        tick: {
          ...way,
          entryBody: commitEntry({ v: 1, type: 'notice', at: '2026-11-23T05:00:00.000Z' }, way.entrySalt).body,
        },
      },
    ],
    ['E_ENTRY_FORMAT', { ...pack, tick: { ...way, entryBody: utf8('{}') } }],
  ];
  for (const [code, one] of cases)
    await t.throwsAsync(verifyReceiptPackage(formatReceiptPackage(one), checks), refused(code), code);
  await t.throwsAsync(
    verifyReceiptPackage(formatReceiptPackage(pack), { ...checks, messageHash: leafData(9) }),
    refused('E_RECEIPT_MESSAGE'),
  );
  const claims = formatReceiptPackage({ ...pack, tsaIndependent: true });
  t.false((await verifyReceiptPackage(claims, checks)).timestamp.independent, 'the package’s claim is not believed');
});

test('a stamp before the receipt or too long after it is refused, within the declared accuracy it is not', async (t) => {
  for (const [delay, isGood] of [
    [-11, false],
    [-10, true],
    [0, true],
    [5010, true],
    [5011, false],
  ] as const) {
    const { pack, checks } = await makeWorld(instant(RECEIVED + delay));
    const checking = verifyReceiptPackage(formatReceiptPackage(pack), checks);
    if (isGood) await t.notThrowsAsync(checking, String(delay));
    else await t.throwsAsync(checking, refused('E_RECEIPT_TIME'), String(delay));
  }
});

test('any flipped bit of a saved package is refused', async (t) => {
  const { pack, checks } = await makeWorld();
  const bytes = formatReceiptPackage(pack);
  // The issuer's own word about its authority is not evidence and is not signed: true and false both parse.
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: bytes.length * 8 - 1 }), async (bit) => {
      const copy = bytes.with(bit >> 3, bytes[bit >> 3]! ^ (1 << (bit & 7)));
      await t.throwsAsync(verifyReceiptPackage(copy, checks), { instanceOf: DomainError });
    }),
    { numRuns: 300 },
  );
});

test('receipt bytes are canonical JSON with purpose and version, and nothing else is read', async (t) => {
  const lotId = newId();
  const bytes = receiptBytes({ messageHash: leafData(1), receivedAt: RECEIVED, lotId });
  const text = `{"lotId":"${lotId}","messageHash":"${toHex(leafData(1))}","purpose":"qej-receipt/1","receivedAt":"2026-11-23T05:00:00.000Z","v":1}`;
  t.is(new TextDecoder().decode(bytes), text);
  t.is(toHex(parseReceipt(bytes).messageHash), toHex(leafData(1)));
  const bad = [
    text.replace('"v":1', '"v":2'),
    text.replace('receipt/1', 'receipt/2'),
    text.replace('"v":1', '"v":1,"w":0'),
    text.replace(',"v":1', ''),
    text.replace('.000Z', 'Z'),
    ` ${text}`,
    text.replace(lotId, lotId.toUpperCase().slice(0, 31)),
  ];
  for (const one of bad) t.throws(() => parseReceipt(utf8(one)), refused('E_RECEIPT_FORMAT'), one);
});

test('packages with unknown members, versions or types are refused', async (t) => {
  const { pack } = await makeWorld();
  const text = new TextDecoder().decode(formatReceiptPackage(pack));
  t.deepEqual(parseReceiptPackage(utf8(text)), pack);
  const bad = [
    text.replace('"v":1', '"v":2'),
    text.replace('package/1', 'package/2'),
    text.replace('"tsaIndependent":false', '"tsaIndependent":"no"'),
    text.replace('"slot":', '"slot2":'),
    text.replace('"v":1', '"v":1,"z":1'),
    text.replace('"tick":{', '"tick":{"a":1,'),
  ];
  for (const one of bad) t.throws(() => parseReceiptPackage(utf8(one)), refused('E_RECEIPT_FORMAT'));
});
