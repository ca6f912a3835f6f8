import { canonicalBytes, DomainError, parseCanonical } from '@qej/kernel';
import test from 'ava';
import {
  checkRelease,
  holderGroupOf,
  makeAcceptance,
  makeRelease,
  newHolderScalar,
  openAcceptance,
  parseRelease,
  type Acceptance,
  type SignedAcceptance,
} from './index.ts';
import { nodeProvider as p } from './node.ts';

const ids = ['a'.repeat(32), 'b'.repeat(32)];
const common: Omit<Acceptance, 'v' | 'X' | 'holderId'> = {
  noticeHash: '1'.repeat(64),
  lotId: '2'.repeat(32),
  stage: 'technical',
  holders: ids,
  sets: [[0, 1]],
  acceptedAt: '2026-11-23T05:00:00.000Z',
};
const scalars = await Promise.all(ids.map(() => newHolderScalar(p)));
const accept = (i: number, change: Partial<Acceptance> = {}, scalar = scalars[i]): Promise<SignedAcceptance> =>
  makeAcceptance(p, { ...common, holderId: ids[i] ?? '', ...change }, scalar ?? new Uint8Array(32));
const closing = '9'.repeat(64);

test('acceptances of all holders make a group in the order they name', async (t) => {
  const group = await holderGroupOf(p, [await accept(1), await accept(0)]);
  t.deepEqual(
    group.holders.map(({ id }) => id),
    ids,
  );
  t.deepEqual(group.sets, [[0, 1]]);
});

test('acceptances that disagree, repeat, lack a holder or share a key make no group', async (t) => {
  const refused = async (signed: readonly Promise<SignedAcceptance>[], code: string): Promise<void> => {
    await t.throwsAsync(holderGroupOf(p, await Promise.all(signed)), { instanceOf: DomainError, code });
  };
  await refused([], 'E_ACCEPTANCE');
  await refused([accept(0)], 'E_ACCEPTANCE');
  await refused([accept(0), accept(0)], 'E_ACCEPTANCE');
  await refused([accept(0), accept(1, { stage: 'price' })], 'E_ACCEPTANCE');
  await refused([accept(0), accept(1, { sets: [[0], [1]] })], 'E_ACCEPTANCE');
  await refused([accept(0), accept(1, { lotId: '3'.repeat(32) })], 'E_ACCEPTANCE');
  await refused([accept(0), accept(1, {}, scalars[0])], 'E_ACCESS_STRUCTURE');
  for (const sets of [[[1, 0]], [[0, 0]], [[]], [], [[0, 2]], [[1], [0]], [[0], [0]]]) {
    await refused([accept(0, { sets }), accept(1, { sets })], 'E_ACCESS_STRUCTURE');
  }
});

test('a proof of possession holds for these bytes and this key only', async (t) => {
  const [own, other] = [await accept(0), await accept(1)];
  t.is((await openAcceptance(p, own)).holderId, ids[0] ?? '');
  const code = 'E_ACCEPTANCE';
  await t.throwsAsync(openAcceptance(p, { ...own, proof: other.proof }), { instanceOf: DomainError, code });
  const stolen = canonicalBytes({ ...(parseCanonical(other.bytes) as object), X: (await openAcceptance(p, own)).X });
  await t.throwsAsync(openAcceptance(p, { bytes: stolen, proof: other.proof }), { instanceOf: DomainError, code });
  await t.throwsAsync(openAcceptance(p, await accept(0, { holderId: 'c'.repeat(32) })), {
    instanceOf: DomainError,
    code,
  });
});

test('a release gives the scalar against the accepted lot, stage and closing entry, and nothing else', async (t) => {
  const accepted = await openAcceptance(p, await accept(0));
  const scalar = scalars[0] ?? new Uint8Array(32);
  const released = parseRelease(makeRelease(accepted, scalar, closing));
  t.deepEqual([...(await checkRelease(p, released, accepted, closing))], [...scalar]);
  const refused = (change: Partial<typeof released>, code: string) =>
    t.throwsAsync(checkRelease(p, { ...released, ...change }, accepted, closing), { instanceOf: DomainError, code });
  await refused({ stage: 'price' }, 'E_RELEASE');
  await refused({ lotId: '4'.repeat(32) }, 'E_RELEASE');
  await refused({ noticeHash: '4'.repeat(64) }, 'E_RELEASE');
  await refused({ holderId: 'b'.repeat(32) }, 'E_RELEASE');
  await refused({ closingEntryHash: '8'.repeat(64) }, 'E_RELEASE');
  await refused({ x: '0'.repeat(64) }, 'E_HOLDER_KEY');
  await refused({ x: '1'.repeat(64) }, 'E_HOLDER_KEY');
});
