import { drawCoefficient, parseScoringRule, poolRoot, verifyCommitteeDraw, verifyPermutation } from '@qej/evaluation';
import type { CommitteeDraw, DrawFilters, DrawQuotas, PoolEntry } from '@qej/evaluation';
import { canonicalJson, fromHex, toHex } from '@qej/kernel';
import { entropySeed } from '@qej/sealed-bid';
import type { Member } from '../archive-members.ts';
import { refuse } from '../codes.ts';
import { absent, needed } from '../report.ts';
import type { Check, StepResult } from '../report.ts';
import type { ClosingFacts } from './closing.ts';
import { hasReached } from './context.ts';
import type { BaseFacts, Context } from './context.ts';
import { provider } from './holders.ts';
import { getEntry } from './log.ts';
import type { LogFacts } from './log.ts';
import type { OpenedBidFacts } from './registers.ts';

type Draws = Member<'draws.json'>;
type SeedOf = (purpose: 'committee' | 'coefficient' | 'tie') => Promise<Uint8Array>;

export interface DrawFacts {
  readonly coefficient: { readonly name: string; readonly value: string } | undefined;
  readonly tieSeed: string;
}

const seedsOf =
  (draws: Draws, root: string, lotId: string): SeedOf =>
  (purpose) =>
    entropySeed(provider, draws.entropies, { closingRoot: root, purpose, lotId });

/** The published entropies are those inside the seals, all of them, in the order of the closing set. */
function checkEntropies(draws: Draws, log: LogFacts, opened: readonly OpenedBidFacts[] | undefined): void {
  const published = getEntry(log, 'owners-published').body['entropies'];
  if (canonicalJson(published) !== canonicalJson(draws.entropies))
    refuse('E_ARCHIVE_DRAW', 'other entropies than the log published');
  // A register may open and still be refused for its signature: its entropy counts, so only the order of those known is asked.
  const known = (opened ?? []).map(({ register }) => register.record.entropy);
  const listed = draws.entropies.filter((entropy) => known.includes(entropy));
  if (canonicalJson(known) !== canonicalJson(listed))
    refuse('E_ARCHIVE_DRAW', 'not the entropies of the opened registers');
}

/** Draws the coefficient again. */
async function checkCoefficient(
  draws: Draws,
  { base, seedOf }: { base: BaseFacts; seedOf: SeedOf },
): Promise<DrawFacts['coefficient']> {
  const { notice } = needed(base.notice, 'notice');
  const range = notice.coefficient;
  if (range === null) {
    if (draws.coefficient !== null) refuse('E_ARCHIVE_DRAW', 'the notice has no coefficient');
    return undefined;
  }
  const shown = draws.coefficient ?? refuse('E_ARCHIVE_DRAW', 'the coefficient is left out');
  const name = parseScoringRule(notice.scoringRule).parameters.find(({ drawn }) => drawn !== undefined)?.name;
  const seed = await seedOf('coefficient');
  const { value } = drawCoefficient({ seed, range, name: name ?? 'coefficient' });
  if (shown.value !== value || shown.parameter !== (name ?? 'coefficient'))
    refuse('E_ARCHIVE_DRAW', `the seed gives ${value}, the archive says ${shown.value}`);
  const log = needed(base.log, 'log');
  const entry = getEntry(log, 'coefficient-drawn', { value, seed: toHex(seed) });
  if (entry.seq > getEntry(log, 'halves-complete').seq)
    refuse('E_ARCHIVE_DRAW', 'drawn after the halves were complete');
  return { name: shown.parameter, value };
}

type CommitteePart = NonNullable<Draws['committee']>;

/** Facts, filters and quotas in the full profile; without them the permutation and the way down the list. */
function drawAgain(committee: CommitteePart, seed: Uint8Array): void {
  const drawn = committee.draw as CommitteeDraw; // compared as a whole below
  if (committee.pool === null) {
    verifyPermutation(drawn, { seed, poolSize: committee.leaves.length });
    return;
  }
  const inputs = {
    seed,
    pool: committee.pool as unknown as readonly PoolEntry[], // every entry must open its leaf
    filters: committee.filters as unknown as DrawFilters,
    quotas: committee.quotas as unknown as DrawQuotas,
    size: committee.size,
    reserves: committee.reserves,
  };
  verifyCommitteeDraw(drawn, inputs, committee.poolRoot);
  if (canonicalJson(inputs.pool.map(({ leaf }) => leaf)) !== canonicalJson(committee.leaves))
    refuse('E_ARCHIVE_DRAW', 'the pool has other leaves than listed');
}

async function checkCommittee(
  committee: CommitteePart,
  { profile, base, seedOf }: { profile: string; base: BaseFacts; seedOf: SeedOf },
): Promise<void> {
  const log = needed(base.log, 'log');
  const seed = await seedOf('committee');
  if (toHex(seed) !== committee.seed) refuse('E_ARCHIVE_DRAW', 'not the seed that the seals give');
  if (poolRoot(committee.leaves) !== committee.poolRoot)
    refuse('E_ARCHIVE_DRAW', 'the leaves do not give the pool root');
  if (profile === 'full' && committee.pool === null) refuse('E_ARCHIVE_DRAW', 'the facts of the pool are left out');
  const fixed = getEntry(log, 'pool', { root: committee.poolRoot, size: committee.leaves.length });
  if (fixed.seq > getEntry(log, 'closing').seq) refuse('E_ARCHIVE_DRAW', 'the pool was fixed after the closing');
  const { committee: rule } = needed(base.notice, 'notice').notice;
  if (committee.size !== rule.size || committee.reserves !== rule.reserves)
    refuse('E_ARCHIVE_DRAW', 'another size than the notice says');
  const { body } = getEntry(log, 'draw', { seed: committee.seed, poolRoot: committee.poolRoot });
  if (canonicalJson(body['selected']) !== canonicalJson(committee.draw.selected))
    refuse('E_ARCHIVE_DRAW', 'the log names other places');
  drawAgain(committee, fromHex(committee.seed));
}

/** Coefficient and committee drawn again from what the seals held at the closing. */
export async function checkDraws(
  { archive }: Context,
  facts: { base: BaseFacts; closing?: ClosingFacts | undefined; opened?: readonly OpenedBidFacts[] | undefined },
  check: Check,
): Promise<StepResult<DrawFacts | undefined>> {
  if (!archive.has('draws.json') && !hasReached(archive, 'decrypting')) return absent('nothing was drawn');
  const draws = archive.member('draws.json');
  const { base } = facts;
  const { notice } = needed(base.notice, 'notice');
  const { root } = needed(facts.closing, 'closing');
  const seedOf = seedsOf(draws, root, notice.lots[0]?.lotId ?? '');
  await check('entropy', () => checkEntropies(draws, needed(base.log, 'log'), facts.opened));
  const isDrawn = hasReached(archive, 'opened') || draws.coefficient !== null;
  const coefficient = isDrawn ? await check('coefficient', () => checkCoefficient(draws, { base, seedOf })) : undefined;
  const { committee } = draws;
  if (committee !== null)
    await check('committee', () => checkCommittee(committee, { profile: archive.profile, base, seedOf }));
  else if (hasReached(archive, 'committee-drawn'))
    await check('committee', () => refuse('E_ARCHIVE_DRAW', 'the draw of the committee is left out'));
  const words = [
    coefficient === undefined ? '' : `系数 coefficient ${coefficient.value}`,
    committee === null ? '' : `评委 committee ${committee.draw.selected.join(', ')}`,
  ];
  return {
    value: { coefficient, tieSeed: toHex(await seedOf('tie')) },
    detail: words.filter((word) => word !== '').join('；'),
  };
}
