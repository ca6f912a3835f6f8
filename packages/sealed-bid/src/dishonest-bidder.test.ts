import { DomainError, fromBase64, fromHex, toBase64, u32be } from '@qej/kernel';
import test from 'ava';
import {
  openSampleRegister,
  sampleLot,
  sampleSets,
  sealSample,
  openSample,
  releasedBy,
  type SealedSample,
} from '../test/sample-bid.ts';
import { encodeHeader, parseHeader, type Header } from './header.ts';
import { checkManifest, encodeSealMessage, openSealMessage, openStage, type Manifest } from './index.ts';
import { nodeProvider as p } from './node.ts';
import { wrapOfficeHalf, encodeWraps } from './office-half.ts';
import { registerHashOf, sealRegister } from './register-envelope.ts';
import { padBlock } from './padded.ts';
import { planKeys } from './stage-plan.ts';

const lot = await sampleLot(p);
const honest = await sealSample(p, lot, { opening: 'group' });

interface Own {
  readonly header: Header;
  readonly ctx: Uint8Array;
  readonly h: Uint8Array;
}

/** A register sealed again after its bidder changed the header; everything that hangs on the header is consistent. */
async function dishonest(tamper: (own: Own) => Promise<Partial<Header>>): Promise<SealedSample> {
  const headerLength = new DataView(honest.envelope.buffer, honest.envelope.byteOffset).getUint32(0);
  const { core, recordLen } = parseHeader(honest.envelope.slice(4, 4 + headerLength));
  const block = padBlock(new Uint8Array(10), recordLen - p.aeadTagLength);
  const keys = await planKeys(p, core, honest.input.secrets, block);
  const header: Header = { ...keys.partial, recordLen, treeLen: 0 };
  const changed = { ...header, ...(await tamper({ header, ctx: keys.ctx, h: keys.h })) };
  const envelope = await sealRegister(p, changed, keys.ck, block);
  const { body } = await openSealMessage(p, honest.message);
  const registerHash = await registerHashOf(p, envelope);
  const message = await encodeSealMessage(p, { ...body, registerHash }, honest.input.secrets.capability);
  return { ...honest, envelope, message };
}

const verdictOf = (error: unknown): string => {
  if (!(error instanceof DomainError)) throw error;
  return `${error.code} ${error.params['fault']}`;
};

/** The distinct outcomes over all authorised sets. */
async function verdicts(bid: SealedSample): Promise<string[]> {
  const seen = await Promise.all(
    sampleSets.map((set) => openSampleRegister(p, bid, set).then(() => 'accepted', verdictOf)),
  );
  return [...new Set(seen)];
}

const pointOf = (i: number): Uint8Array => fromHex(lot.stages.register.group.holders[i]?.X ?? '');
const replaced = <T>(list: readonly T[], i: number, value: T): T[] => list.map((one, j) => (j === i ? value : one));

for (const i of [0, 1, 2]) {
  test(`a bidder who wraps another key to holder ${i} is refused whichever set is released`, async (t) => {
    const bid = await dishonest(async ({ header, ctx }) => ({
      C: replaced(header.C, i, toBase64(await p.wrap(pointOf(i), new Uint8Array(32).fill(9), ctx, u32be(i)))),
    }));
    t.deepEqual(await verdicts(bid), ['E_OFFICE_HALF bidder']);
  });

  test(`a wrap to holder ${i} that opens to the right key but was made with other coins is refused under every set`, async (t) => {
    const bid = await dishonest(async ({ header, ctx, h }) => {
      const { wraps } = await wrapOfficeHalf(p, header.core, ctx, h);
      return { C: replaced(header.C, i, toBase64(await p.wrap(pointOf(i), wraps[i]?.key ?? h, ctx, u32be(7)))) };
    });
    t.deepEqual(await verdicts(bid), ['E_OFFICE_HALF bidder']);
  });

  test(`garbage in place of wrap ${i} is refused under every set`, async (t) => {
    const bid = await dishonest(async ({ header }) => ({
      C: replaced(header.C, i, toBase64(new Uint8Array(113).fill(4))),
    }));
    t.deepEqual(await verdicts(bid), ['E_OFFICE_HALF bidder']);
  });
}

for (const set of sampleSets) {
  test(`another half masked for set ${set.join(',')} is refused under every set`, async (t) => {
    const bid = await dishonest(async ({ header, ctx }) => {
      const second = encodeWraps(await wrapOfficeHalf(p, header.core, ctx, new Uint8Array(32).fill(3)));
      return { W: { ...header.W, [set.join(',')]: second.W[set.join(',')] ?? '' } };
    });
    t.deepEqual(await verdicts(bid), ['E_OFFICE_HALF bidder']);
  });
}

test('a set left out, a set too many and a missing wrap are refused under every set', async (t) => {
  const variants: readonly ((own: Own) => Partial<Header>)[] = [
    ({ header }) => ({ W: Object.fromEntries(Object.entries(header.W).slice(1)) }),
    ({ header }) => ({ W: { ...header.W, '0': '00'.repeat(32) } }),
    ({ header }) => ({ C: header.C.slice(0, 2) }),
  ];
  for (const variant of variants) {
    t.deepEqual(await verdicts(await dishonest(async (own) => variant(own))), ['E_OFFICE_HALF bidder']);
  }
});

test('wraps of a second half beside the commitment of the first are refused under every set', async (t) => {
  const bid = await dishonest(async ({ header, ctx }) =>
    encodeWraps(await wrapOfficeHalf(p, header.core, ctx, new Uint8Array(32).fill(3))),
  );
  t.deepEqual(await verdicts(bid), ['E_OFFICE_HALF bidder']);
});

test('false commitments and a false record length each have their name', async (t) => {
  const zeros = '00'.repeat(32);
  t.deepEqual(await verdicts(await dishonest(async () => ({ ch: zeros }))), ['E_OFFICE_HALF bidder']);
  t.deepEqual(await verdicts(await dishonest(async () => ({ cb: zeros }))), ['E_BIDDER_HALF bidder']);
  t.deepEqual(await verdicts(await dishonest(async () => ({ KC: zeros }))), ['E_KEY_COMMIT bidder']);
  const cut = await dishonest(async ({ header }) => ({ recordLen: header.recordLen - 1 }));
  t.deepEqual(await verdicts(cut), ['E_REGISTER bidder']);
});

test('unknown members, versions and suites of a header are refused', async (t) => {
  const headerLength = new DataView(honest.envelope.buffer, honest.envelope.byteOffset).getUint32(0);
  const header = parseHeader(honest.envelope.slice(4, 4 + headerLength));
  const encode = (of: object): Uint8Array => encodeHeader(of as Header);
  t.throws(() => parseHeader(encode({ ...header, extra: 1 })), { instanceOf: DomainError, code: 'E_FORMAT' });
  t.throws(() => parseHeader(encode({ ...header, core: { ...header.core, v: 2 } })), {
    instanceOf: DomainError,
    code: 'E_VERSION',
  });
  t.throws(() => parseHeader(encode({ ...header, core: { ...header.core, suite: 'rot13' } })), {
    instanceOf: DomainError,
    code: 'E_SUITE',
  });
  t.throws(() => parseHeader(encode({ ...header, core: { ...header.core, suite: 'gm' } })), {
    instanceOf: DomainError,
    code: 'E_SUITE',
  });
});

test('a price that is not the committed one is refused', async (t) => {
  const cheap = await sealSample(p, lot, { opening: 'group', price: { total: '1.00' } });
  const { register, manifest } = await openSampleRegister(p, cheap, [0, 1]);
  const swapped = { ...manifest, priceCommit: ['11'.repeat(32)] };
  const place = {
    stage: 'price',
    register,
    holders: lot.stages.price.group,
    objects: async (id: string) => cheap.objects.get(id),
    released: releasedBy(lot.stages.price, [0, 1]),
  } as const;
  t.truthy(await openStage(p, { ...place, manifest }));
  await t.throwsAsync(openStage(p, { ...place, manifest: swapped }), {
    instanceOf: DomainError,
    code: 'E_PRICE_COMMIT',
  });
  await t.throwsAsync(
    openStage(p, { ...place, manifest: { ...manifest, stageRoots: manifest.stageRoots.toReversed() } }),
    { instanceOf: DomainError, code: 'E_STAGE_ROOT' },
  );
});

test('a bidder’s half that is not the committed one, or none, is refused in a joint opening', async (t) => {
  const joint = await sealSample(p, lot);
  t.is((await openSample(p, joint)).files.length, 2);
  const { register, manifest } = await openSampleRegister(p, joint, [0, 2]);
  const place = {
    stage: 'technical',
    register,
    manifest,
    holders: lot.stages.technical.group,
    objects: async (id: string) => joint.objects.get(id),
    released: releasedBy(lot.stages.technical, [1, 2]),
  } as const;
  await t.throwsAsync(openStage(p, place), { instanceOf: DomainError, code: 'E_BIDDER_HALF' });
  await t.throwsAsync(openStage(p, { ...place, bidderHalf: fromBase64('AAAA') }), {
    instanceOf: DomainError,
    code: 'E_BIDDER_HALF',
  });
});

test('a manifest that speaks of another bid is refused by the member that differs', async (t) => {
  const { register, manifest } = await openSampleRegister(p, honest, [0, 1]);
  const refused = (change: Partial<Manifest>, code: string) =>
    t.throwsAsync(checkManifest(p, { ...manifest, ...change }, register, honest.input.ownerCertificate), {
      instanceOf: DomainError,
      code,
    });
  await refused({ lotId: '0'.repeat(32) }, 'E_MANIFEST');
  await refused({ noticeHash: '0'.repeat(64) }, 'E_MANIFEST');
  await refused({ bidNonce: '0'.repeat(64) }, 'E_MANIFEST');
  await refused({ stageRoots: manifest.stageRoots.slice(1) }, 'E_MANIFEST');
  await refused({ stageRoots: manifest.stageRoots.toReversed() }, 'E_BID_ROOT');
  await refused({ bidRoot: '0'.repeat(64) }, 'E_BID_ROOT');
  await refused({ ownerSalt: '0'.repeat(64) }, 'E_OWNER_COMMIT');
  await t.throwsAsync(checkManifest(p, manifest, register, new Uint8Array(9)), {
    instanceOf: DomainError,
    code: 'E_OWNER_COMMIT',
  });
});
