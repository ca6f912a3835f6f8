import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError, fromBase64, toBase64Url, toHex } from '@qej/kernel';
import test from 'ava';
import fc from 'fast-check';
import { RUN_FACTOR } from '../test/run-count.ts';
import {
  expectationOf,
  openSample,
  openSampleRegister,
  patterned,
  sampleFile,
  sampleInput,
  sampleLot,
  sealSample,
  seeded,
} from '../test/sample-bid.ts';
import { fillBytes } from './objects.ts';
import { chunkCount, MEBIBYTE, padme } from './padme.ts';
import {
  bytesSource,
  newSealSecrets,
  OBJECT_LENGTH,
  parseManifest,
  parseRescue,
  prepareSealing,
  REGISTER_LENGTH,
  rescueHalf,
  scalarDecrypter,
  trialOpening,
  webCryptoDecrypter,
  webCryptoProvider,
  type SealJournal,
  type Sealing,
  type TrialInput,
} from './index.ts';
import { fileSource, nodeProvider as p } from './node.ts';

const lot = await sampleLot(p);

const drain = async (sealing: Sealing, journal?: SealJournal): Promise<number> => {
  let count = 0;
  for await (const object of sealing.objects(journal === undefined ? {} : { journal }))
    count += object.bytes.length / OBJECT_LENGTH;
  return count;
};

const memoryJournal = (): SealJournal & { readonly sent: Map<string, Uint8Array> } => {
  const sent = new Map<string, Uint8Array>();
  return { sent, get: async (id) => sent.get(id), put: async (id, hash) => void sent.set(id, hash) };
};

test('Padmé never shortens, wastes at most 12 % and depends on the length only', (t) => {
  t.deepEqual([0, 1, 2, 8, 9, 1000, 1_048_577].map(padme), [0, 1, 2, 8, 10, 1024, 1_081_344]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (length) => {
      const padded = padme(length);
      t.true(padded >= length && padded <= length * 1.12 + 1 && padme(padded) === padded);
    }),
  );
  t.deepEqual([0, 1, MEBIBYTE, MEBIBYTE + 1].map(chunkCount), [1, 1, 1, 2]);
});

test('the same secrets and files give the same bid again', async (t) => {
  const secrets = await newSealSecrets(p);
  const [a, b] = [await sealSample(p, lot, { secrets }), await sealSample(webCryptoProvider, lot, { secrets })];
  t.is(toHex(a.envelope), toHex(b.envelope));
  t.is(toHex(a.message), toHex(b.message));
  t.deepEqual([...a.objects.keys()], [...b.objects.keys()]);
  const hashes = async (of: typeof a) =>
    Promise.all([...of.objects.values()].map(async (bytes) => toHex(await p.hash(bytes))));
  t.deepEqual(await hashes(a), await hashes(b));
});

test('a resumed sealing of an edited file sends nothing', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.nat(2_199_999), async (place) => {
      const secrets = await newSealSecrets(p);
      const bytes = patterned(2_200_000);
      const journal = memoryJournal();
      t.is(
        await drain(
          await prepareSealing(p, await sampleInput(p, lot, { secrets, files: [sampleFile('a', bytes)] })),
          journal,
        ),
        4,
      );
      t.is(
        await drain(
          await prepareSealing(p, await sampleInput(p, lot, { secrets, files: [sampleFile('a', bytes)] })),
          journal,
        ),
        4,
      );
      const edited = bytes.with(place, (bytes[place] ?? 0) ^ 1);
      const resumed = await prepareSealing(p, await sampleInput(p, lot, { secrets, files: [sampleFile('a', edited)] }));
      await t.throwsAsync(drain(resumed, journal), { instanceOf: DomainError, code: 'E_RESUME' });
    }),
    { numRuns: 3 * RUN_FACTOR },
  );
});

test('another price or another CMS under the same secrets uses other keys', async (t) => {
  const secrets = await newSealSecrets(p);
  const finish = async (price: string, cms: Uint8Array) => {
    const sealing = await prepareSealing(p, await sampleInput(p, lot, { secrets, price }));
    await drain(sealing);
    return (await sealing.finish(cms, null)).halves;
  };
  const [a, b, c] = [
    await finish('1.00', patterned(5)),
    await finish('2.00', patterned(5)),
    await finish('1.00', patterned(6)),
  ];
  t.not(toHex(a.get('price') ?? new Uint8Array(0)), toHex(b.get('price') ?? new Uint8Array(0)));
  t.is(toHex(a.get('price') ?? new Uint8Array(0)), toHex(c.get('price') ?? new Uint8Array(1)));
  t.not(toHex(a.get('register') ?? new Uint8Array(0)), toHex(c.get('register') ?? new Uint8Array(0)));
});

test('nothing of the header shows in the pool', async (t) => {
  const sealed = await sealSample(p, lot);
  for (const bytes of sealed.objects.values()) {
    const text = String.fromCharCode(...bytes.slice(0, 20_000));
    t.false(text.includes(lot.lotId) || text.includes('core') || text.includes('holders'));
  }
});

test('a register record that does not fit says by how many bytes', async (t) => {
  const sealing = await prepareSealing(p, await sampleInput(p, lot));
  await t.throwsAsync(sealing.manifest(), { instanceOf: Error, message: /take all objects/ });
  await drain(sealing);
  const error = await t.throwsAsync(sealing.finish(new Uint8Array(12_000), null), {
    instanceOf: DomainError,
    code: 'E_REGISTER_SIZE',
  });
  const excess = Number((error as DomainError).params['excess']);
  t.true(excess > 0 && excess < 12_000);
  const kept = Math.floor((12_000 * 4) / 3 - excess - 4);
  const { envelope } = await sealing.finish(new Uint8Array(Math.floor((kept * 3) / 4) - 3), null);
  t.is(envelope.length, REGISTER_LENGTH);
});

test('a file that shrinks or lies about its size while it is sealed is refused', async (t) => {
  for (const source of [
    { size: 100, slice: async () => new Uint8Array(99) },
    { ...bytesSource(patterned(100)), slice: async () => new Uint8Array(101) },
  ]) {
    const sealing = await prepareSealing(
      p,
      await sampleInput(p, lot, { files: [{ ...sampleFile('a', patterned(0)), source }] }),
    );
    await t.throwsAsync(drain(sealing), { instanceOf: DomainError, code: 'E_SOURCE' });
  }
});

test('a record with too many files, an unknown suite or stages out of order are refused before anything is read', async (t) => {
  const input = await sampleInput(p, lot);
  const refused = (change: object, code: string) =>
    t.throwsAsync(prepareSealing(p, { ...input, ...change }), { instanceOf: DomainError, code });
  const files = Array.from({ length: 200 }, (_, i) => sampleFile(`${i}-${'x'.repeat(60)}`, patterned(1)));
  await refused(
    { stages: input.stages.map((stage) => (stage.stage === 'technical' ? { ...stage, files } : stage)) },
    'E_RECORD_SIZE',
  );
  await refused({ suite: 'gm' }, 'E_SUITE');
  await refused({ stages: input.stages.toReversed() }, 'E_STAGE');
  await refused({ stages: [] }, 'E_STAGE');
  await refused({ stages: input.stages.map((stage) => ({ ...stage, price: '1.00' })) }, 'E_STAGE');
  await refused({ bidderKey: new Uint8Array(65).fill(4) }, 'E_POINT');
});

async function trialOf(change: Partial<TrialInput> = {}): Promise<TrialInput> {
  const input = await sampleInput(p, lot);
  const sealing = await prepareSealing(p, input);
  const objects = new Map<string, Uint8Array>();
  for await (const { id, bytes } of sealing.objects()) objects.set(id, bytes);
  const manifestBytes = await sealing.manifest();
  const { envelope, message, halves } = await sealing.finish(manifestBytes, null);
  return {
    secrets: input.secrets,
    halves,
    message,
    envelope,
    manifest: parseManifest(manifestBytes),
    objects: async (id) => objects.get(id),
    expected: expectationOf(lot),
    stages: new Map([
      ['technical', lot.stages.technical.group],
      ['price', lot.stages.price.group],
    ]),
    decrypter: scalarDecrypter(p, await seeded(p, 'bidder')),
    readFiles: true,
    ...change,
  };
}

test('a trial opening passes on what was sealed and fails on what came back changed', async (t) => {
  const trial = await trialOf();
  await t.notThrowsAsync(trialOpening(p, trial));
  await t.notThrowsAsync(trialOpening(webCryptoProvider, trial));
  const refused = (change: Partial<TrialInput>, code: string) =>
    t.throwsAsync(trialOpening(p, { ...trial, ...change }), { instanceOf: DomainError, code });
  await refused({ envelope: trial.envelope.with(9000, 1) }, 'E_REGISTER_HASH');
  await refused({ objects: async () => undefined }, 'E_OBJECT');
  await refused({ decrypter: scalarDecrypter(p, await seeded(p, 'somebody else')) }, 'E_UNWRAP');
  await refused({ secrets: await newSealSecrets(p) }, 'E_TRIAL');
});

test('a non-extractable WebCrypto key unwraps B', async (t) => {
  const sealed = await sealSample(p, lot);
  const { register } = await openSampleRegister(p, sealed, [0, 1]);
  const scalar = await seeded(p, 'bidder');
  const point = (await p.publicKeyOf(scalar)) ?? new Uint8Array(0);
  const coordinate = (bytes: Uint8Array) => toBase64Url(bytes);
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: coordinate(scalar),
    x: coordinate(point.slice(1, 33)),
    y: coordinate(point.slice(33)),
  };
  const key = await globalThis.crypto.subtle.importKey('jwk', jwk, { name: 'ECDH', namedCurve: 'P-256' }, false, [
    'deriveBits',
  ]);
  const wrapped = fromBase64(register.header.WB);
  const secret = await webCryptoDecrypter(key, point).unwrap(wrapped, register.ctx);
  t.deepEqual(secret, await scalarDecrypter(p, scalar).unwrap(wrapped, register.ctx));
  await t.throwsAsync(webCryptoDecrypter(key, point).unwrap(wrapped, patterned(32)), {
    instanceOf: DomainError,
    code: 'E_UNWRAP',
  });
});

test('the rescue file gives the halves of each stage, and a changed secret is noticed', async (t) => {
  const sealed = await sealSample(p, lot);
  const { stages } = await openSample(p, sealed);
  const rescue = parseRescue(sealed.rescue ?? new Uint8Array(0));
  for (const { head } of stages) {
    const half = await rescueHalf(p, rescue, head.extent.stage);
    t.is(toHex(await p.hash(new TextEncoder().encode('qej-sb1/intl/cb\0'), head.ctx, half)), head.header.cb);
  }
  const changed = { ...rescue, B: `${'A'.repeat(43)}=` };
  await t.throwsAsync(rescueHalf(p, changed, 'price'), { instanceOf: DomainError, code: 'E_RESCUE' });
});

test('filler is a prefix-free function of seed, stage, object and purpose', async (t) => {
  const of = { seed: patterned(32), stage: 'technical' } as const;
  const long = await fillBytes(p, of, 'pad', 1, 20_000);
  t.deepEqual(await fillBytes(p, of, 'pad', 1, 9_000), long.slice(0, 9_000));
  const others = await Promise.all([
    fillBytes(p, of, 'pad', 2, 32),
    fillBytes(p, of, 'mask', 1, 32),
    fillBytes(p, { ...of, stage: 'price' }, 'pad', 1, 32),
  ]);
  t.is(new Set([long.slice(0, 32), ...others].map((bytes) => toHex(bytes))).size, 4);
});

test('a file sealed from a file handle opens to its bytes', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sealed-bid-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'a.bin'), patterned(1_500_000));
  await using handle = await open(join(folder, 'a.bin'));
  const file = { ...sampleFile('a.bin', new Uint8Array(0)), source: await fileSource(handle) };
  const { files } = await openSample(p, await sealSample(p, lot, { opening: 'group', files: [file] }));
  t.is(toHex(await p.hash(files[0] ?? new Uint8Array(0))), toHex(await p.hash(patterned(1_500_000))));
});

test('sealing reads a file a chunk at a time, in order, and never ahead of what was taken', async (t) => {
  const reads: number[] = [];
  const bytes = patterned(6 * MEBIBYTE);
  const source = {
    size: bytes.length,
    slice: async (from: number, to: number) => (reads.push(to - from), bytes.slice(from, to)),
  };
  const sealing = await prepareSealing(
    p,
    await sampleInput(p, lot, { files: [{ ...sampleFile('a', bytes), source }] }),
  );
  t.is(reads.length, 0);
  let taken = 0;
  for await (const object of sealing.objects()) {
    taken += object.stage === 'technical' ? 1 : 0;
    t.true(reads.length <= taken + 1);
  }
  t.true(reads.length === 6 && reads.every((length) => length === MEBIBYTE));
});

test('what a reader would refuse is not sealed in the first place', async (t) => {
  const input = await sampleInput(p, lot);
  const refused = (change: object, code: string) =>
    t.throwsAsync(prepareSealing(p, { ...input, ...change }), { instanceOf: DomainError, code });
  for (const name of ['', '../a', 'a\\b', 'a\u0000', '..', 'x'.repeat(256)]) {
    const files = [sampleFile(name, patterned(1))];
    const stages = input.stages.map((stage) => (stage.stage === 'technical' ? { ...stage, files } : stage));
    await refused({ stages }, 'E_FORMAT');
  }
  await refused({ noticeHash: 'abc' }, 'E_FORMAT');
  await refused({ editionHash: 'A'.repeat(64) }, 'E_FORMAT');
  await refused({ lotId: 'lot-1' }, 'E_ID');
  await refused({ opaqueId: 'slot-1' }, 'E_ID');
  const decomposed = await sealSample(p, lot, { files: [sampleFile('e\u0301.pdf', patterned(1))] });
  t.is((await openSample(p, decomposed)).stages[0]?.record.files[0]?.name, '\u00e9.pdf');
});
