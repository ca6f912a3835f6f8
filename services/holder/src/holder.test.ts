import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBase64, fromHex, instant, newId } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { getPurpose, verifyCms } from '@qej/pki';
import { checkRelease, openAcceptance, parseRelease } from '@qej/sealed-bid';
import { nodeProvider as provider } from '@qej/sealed-bid/node';
import type { Notice } from '@qej/tendering';
import anyTest from 'ava';
import type { TestFn } from 'ava';
import { makeHolder } from './holder.ts';
import type { Holder } from './holder.ts';
import { openKeyStore } from './key-store.ts';
import { newWitness, stagePlatform } from './testing/staged-platform.ts';
import type { StagedPlatform } from './testing/staged-platform.ts';
import { testIdentity } from './testing/test-identity.ts';
import { holderId, testNotice } from './testing/test-notice.ts';

interface World {
  readonly dir: string;
  readonly identity: Awaited<ReturnType<typeof testIdentity>>;
}
const test = anyTest as TestFn<World>;
const DEADLINE = Date.UTC(2026, 10, 23, 5, 0, 0);
const BEFORE = DEADLINE - 60_000;
const AFTER = DEADLINE + 60_000;
const clock = { at: BEFORE, now: (): Instant => instant(clock.at) };
const lotOf = (notice: Notice): string => notice.lots[0]!.lotId;

test.beforeEach(async (t) => {
  t.context = { dir: await mkdtemp(join(tmpdir(), 'qej-holder-')), identity: await testIdentity() };
  clock.at = BEFORE;
});
test.afterEach.always((t) => rm(t.context.dir, { recursive: true, force: true }));

async function open(
  { dir, identity: { identity, trust } }: World,
  staged: StagedPlatform,
  passphrase = 'correct',
): Promise<Holder> {
  const { certificate, key } = identity.decryptKey!;
  if (certificate.publicKey.kind !== 'ec-p256') throw new Error('P-256');
  const store = await openKeyStore(dir, { passphrase, point: certificate.publicKey.point, privateKey: key });
  const policy = async () => staged.policy;
  return makeHolder({
    api: staged.api,
    holderId,
    signer: identity.signer,
    trust: async () => trust,
    policy,
    store,
    clock,
  });
}

const ask = (staged: StagedPlatform, task: 'accept' | 'release', stage: string, lotId = lotOf(staged.notice)): void => {
  staged.tasks = [{ tenderId: staged.notice.tenderId, lotId, stage, task }];
};
async function codeOf(holder: Holder): Promise<string | undefined> {
  const [result] = await holder.work(['accept', 'release']);
  return result === undefined ? 'nothing asked' : result.refusal?.code;
}
async function accepted(world: World, staged: StagedPlatform, stages = ['register']): Promise<Holder> {
  const holder = await open(world, staged);
  for (const stage of stages) {
    ask(staged, 'accept', stage);
    if ((await codeOf(holder)) !== undefined) throw new Error(`${stage} was not accepted`);
  }
  return holder;
}
const closing = (staged: StagedPlatform, at = DEADLINE + 1_000) => ({
  type: 'closing',
  at,
  lotId: lotOf(staged.notice),
});

test.serial('a holder accepts what it is named for, with a key of its own, signed by its certificate', async (t) => {
  const staged = await stagePlatform(testNotice());
  await accepted(t.context, staged, ['register', 'technical', 'price']);
  t.is(staged.accepted.length, 3);
  const points = new Set<string>();
  for (const { acceptance, proof, cms } of staged.accepted) {
    const content = fromBase64(acceptance);
    const read = await openAcceptance(provider, { bytes: content, proof: fromBase64(proof) });
    points.add(read.X);
    t.deepEqual([read.holderId, read.lotId, read.sets], [holderId, lotOf(staged.notice), [[0, 1]]]);
    const { eContentType } = getPurpose('qej-acceptance/1');
    const { trust } = t.context.identity;
    await t.notThrowsAsync(verifyCms({ cms: fromBase64(cms), content, eContentType, ...trust, at: clock.now() }));
  }
  t.is(points.size, 3);
});

test.serial('asked again, also after a restart, it shows the same key', async (t) => {
  const staged = await stagePlatform(testNotice());
  await accepted(t.context, staged);
  await accepted(t.context, staged);
  t.is(staged.accepted.length, 2);
  t.deepEqual(staged.accepted[0], staged.accepted[1]);
});

test.serial(
  'it refuses a notice that does not name it, a second notice, another lot or stage, and one that is too late',
  async (t) => {
    const notice = testNotice();
    const staged = await stagePlatform(notice);
    const holder = await accepted(t.context, staged);
    ask(staged, 'accept', 'technical', newId());
    t.is(await codeOf(holder), 'E_HOLDER_OTHER_STAGE');
    ask(staged, 'accept', 'committee');
    t.is(await codeOf(holder), 'E_HOLDER_OTHER_STAGE');
    staged.notice = testNotice({ tenderId: notice.tenderId, lots: notice.lots, code: 'TEST-2' });
    ask(staged, 'accept', 'technical');
    t.is(await codeOf(holder), 'E_HOLDER_SECOND_NOTICE');
    const text = { zh: '某', en: 'x' };
    const strangers = [newId(), newId()].map((id) => ({ holderId: id, role: 'agency', name: text }));
    staged.notice = testNotice({ holders: strangers });
    ask(staged, 'accept', 'register');
    t.is(await codeOf(holder), 'E_HOLDER_NOT_NAMED');
    staged.notice = testNotice();
    ask(staged, 'accept', 'register');
    clock.at = DEADLINE;
    t.is(await codeOf(holder), 'E_HOLDER_TOO_LATE');
    t.is(staged.accepted.length, 1);
  },
);

test.serial(
  'after the deadline it releases against the cosigned closing entry, and the scalar fits what was promised',
  async (t) => {
    const staged = await stagePlatform(testNotice());
    const holder = await accepted(t.context, staged);
    staged.entries = [{ type: 'tick', at: BEFORE, lotId: newId() }, closing(staged)];
    staged.cosignedAt = DEADLINE + 2_000;
    clock.at = AFTER;
    ask(staged, 'release', 'register');
    t.is(await codeOf(holder), undefined);
    const release = parseRelease(fromBase64(staged.released[0]!.release));
    const [first] = staged.accepted;
    const promise = await openAcceptance(provider, {
      bytes: fromBase64(first!.acceptance),
      proof: fromBase64(first!.proof),
    });
    t.is((await checkRelease(provider, release, promise, release.closingEntryHash)).length, 32);
    t.is(fromHex(release.closingEntryHash).length, 32);
  },
);

test.serial('to the last millisecond of the deadline it keeps its key, whatever the platform says', async (t) => {
  const staged = await stagePlatform(testNotice());
  const holder = await accepted(t.context, staged);
  staged.entries = [closing(staged)];
  staged.cosignedAt = AFTER;
  ask(staged, 'release', 'register');
  clock.at = DEADLINE;
  t.is(await codeOf(holder), 'E_HOLDER_TOO_EARLY');
  clock.at = AFTER;
  staged.deadlineShown = '2026-11-23T06:00:00.000Z';
  t.is(await codeOf(holder), 'E_HOLDER_TOO_EARLY');
  staged.deadlineShown = '2026-11-23T01:00:00.000Z';
  clock.at = DEADLINE;
  t.is(await codeOf(holder), 'E_HOLDER_TOO_EARLY');
  t.deepEqual(staged.released, []);
});

test.serial(
  'without a closing entry of its lot, cosigned after the deadline by the witness that it knows, nothing is released',
  async (t) => {
    const notice = testNotice();
    const staged = await stagePlatform(notice);
    const holder = await accepted(t.context, staged);
    clock.at = AFTER;
    ask(staged, 'release', 'register');
    t.is(await codeOf(holder), 'E_HOLDER_NO_CLOSING');
    staged.cosignedAt = AFTER;
    staged.entries = [{ ...closing(staged), lotId: newId() }];
    t.is(await codeOf(holder), 'E_HOLDER_NO_CLOSING');
    staged.entries = [closing(staged, DEADLINE)];
    t.is(await codeOf(holder), 'E_HOLDER_NO_CLOSING');
    staged.entries = [closing(staged)];
    staged.cosignedAt = undefined;
    t.is(await codeOf(holder), 'E_COSIGNATURE_QUORUM');
    staged.cosignedAt = DEADLINE;
    t.is(await codeOf(holder), 'E_HOLDER_COSIGNED_EARLY');
    const forged = await stagePlatform(notice, await newWitness());
    forged.entries = staged.entries;
    forged.cosignedAt = AFTER;
    ask(forged, 'release', 'register');
    t.is(await codeOf(await open(t.context, forged)), 'E_COSIGNATURE_QUORUM');
    t.deepEqual([staged.released, forged.released], [[], []]);
  },
);

test.serial(
  'each stage waits for its gate in the log: owners for the technical stage, all halves for the price',
  async (t) => {
    const staged = await stagePlatform(testNotice());
    const holder = await accepted(t.context, staged, ['register', 'technical', 'price']);
    clock.at = AFTER;
    staged.cosignedAt = AFTER;
    const lotId = lotOf(staged.notice);
    const owners = { type: 'owners-published', at: DEADLINE + 3_000, lotId };
    const halves = { type: 'halves-complete', at: DEADLINE + 4_000, lotId };
    staged.entries = [owners, closing(staged)];
    ask(staged, 'release', 'technical');
    t.is(await codeOf(holder), 'E_HOLDER_GATE', 'an entry from before the closing opens no gate');
    staged.entries = [closing(staged), owners];
    t.is(await codeOf(holder), undefined);
    ask(staged, 'release', 'price');
    t.is(await codeOf(holder), 'E_HOLDER_GATE');
    staged.entries = [closing(staged), owners, halves];
    t.is(await codeOf(holder), undefined);
    t.is(staged.released.length, 2);
  },
);

test.serial('a stage or a tender that was never accepted is not released', async (t) => {
  const staged = await stagePlatform(testNotice());
  clock.at = AFTER;
  staged.cosignedAt = AFTER;
  staged.entries = [closing(staged)];
  ask(staged, 'release', 'register');
  t.is(await codeOf(await open(t.context, staged)), 'E_HOLDER_NEVER_ACCEPTED');
  clock.at = BEFORE;
  const holder = await accepted(t.context, staged);
  clock.at = AFTER;
  ask(staged, 'release', 'technical');
  t.is(await codeOf(holder), 'E_HOLDER_OTHER_STAGE');
});

test.serial('on disk there is neither scalar nor passphrase, and another passphrase opens nothing', async (t) => {
  const staged = await stagePlatform(testNotice());
  await accepted(t.context, staged);
  staged.cosignedAt = AFTER;
  staged.entries = [closing(staged)];
  clock.at = AFTER;
  ask(staged, 'release', 'register');
  t.is(await codeOf(await open(t.context, staged, 'wrong')), 'E_HOLDER_STORE');
  t.is(await codeOf(await open(t.context, staged)), undefined);
  const { x } = parseRelease(fromBase64(staged.released[0]!.release));
  const folder = join(t.context.dir, 'keys');
  for (const name of await readdir(folder)) {
    const bytes = await readFile(join(folder, name));
    t.false(bytes.includes(Buffer.from(x, 'hex')) || bytes.toString('utf8').includes(x));
    t.false(bytes.includes(Buffer.from(Buffer.from(x, 'hex').toString('base64'))));
    t.false(bytes.includes('correct'));
  }
});

test.serial('an expired certificate signs nothing', async (t) => {
  const staged = await stagePlatform(testNotice({}, '2027-06-01T05:00:00.000Z'));
  clock.at = Date.UTC(2027, 2, 1);
  ask(staged, 'accept', 'register');
  t.is(await codeOf(await open(t.context, staged)), 'E_HOLDER_CERTIFICATE');
  t.deepEqual(staged.accepted, []);
});

test.serial('two tools on one store give one key', async (t) => {
  const staged = await stagePlatform(testNotice());
  const tools = await Promise.all([open(t.context, staged), open(t.context, staged), open(t.context, staged)]);
  ask(staged, 'accept', 'register');
  await Promise.all(tools.map((tool) => tool.work(['accept'])));
  for (const tool of tools) await tool.work(['accept']);
  t.is(new Set(staged.accepted.slice(-3).map(({ acceptance }) => acceptance)).size, 1);
  const kept = await readdir(join(t.context.dir, 'keys'));
  t.is(kept.length, 1);
  const first = new Set(staged.accepted.map(({ acceptance }) => acceptance));
  t.is(first.size, 1, 'no key was shown that is not the one kept');
});
