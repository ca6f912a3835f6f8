import type { LotEvaluation } from '@qej/evaluation';
import type { Json } from '@qej/kernel';
import type { Member } from '../archive-members.ts';
import { refuse } from '../codes.ts';
import { absent, needed } from '../report.ts';
import type { Check, StepResult } from '../report.ts';
import { hasReached } from './context.ts';
import type { BaseFacts, Context } from './context.ts';
import { entriesOf, getEntry } from './log.ts';

/** One of the listed objects has all these members. */
const namesOne = (listed: Json | undefined, members: Readonly<Record<string, Json>>): boolean =>
  Array.isArray(listed) &&
  listed.some((one: Json) => {
    const found = one as Readonly<Record<string, Json>> | null;
    return Object.entries(members).every(([name, value]) => found?.[name] === value);
  });

function checkPublished(base: BaseFacts, candidates: Member<'result.json'>['candidates']): void {
  const { lots } = getEntry(needed(base.log, 'log'), 'candidates').body;
  const [lot] = (lots ?? []) as unknown as readonly { readonly candidates?: Json }[];
  for (const { rank, bidId, name, price } of candidates)
    if (!namesOne(lot?.candidates, { rank, bidId, name, price }))
      refuse('E_ARCHIVE_AWARD', `the log names another candidate of rank ${rank}`);
}

/** Candidates follow the ranking, the award is one of them, and price, name and log say the same. */
export async function checkAward(
  { archive }: Context,
  facts: { base: BaseFacts; evaluation: LotEvaluation | undefined },
  check: Check,
): Promise<StepResult<undefined>> {
  if (!archive.has('result.json') && !hasReached(archive, 'reported')) return absent('there is no result');
  const { candidates, award, contract } = archive.member('result.json');
  const { bids } = archive.member('bids.json');
  for (const [i, candidate] of candidates.entries())
    await check(`candidate ${i + 1}`, () => {
      const bid = bids.find(({ bidId }) => bidId === candidate.bidId);
      if (candidate.rank !== i + 1) refuse('E_ARCHIVE_AWARD', 'ranks are not 1, 2, 3');
      if (bid === undefined || bid.price !== candidate.price || bid.organizationId !== candidate.organizationId)
        refuse('E_ARCHIVE_AWARD', 'another price or bidder than in the table');
      const { evaluation } = facts;
      if (evaluation === undefined) {
        if (archive.profile === 'full') refuse('E_ARCHIVE_NEEDS', 'step scores has failed');
        return;
      }
      if (evaluation.candidates[i]?.bidId !== candidate.bidId)
        refuse('E_ARCHIVE_AWARD', 'not the ranking of the scores');
    });
  await check('candidates', () => {
    const { evaluation } = facts;
    if (evaluation !== undefined && evaluation.candidates.length !== candidates.length)
      refuse('E_ARCHIVE_AWARD', 'another number of candidates than the ranking gives');
  });
  if (hasReached(archive, 'candidates-published'))
    await check('candidates', () => checkPublished(facts.base, candidates));
  if (award === null) {
    if (hasReached(archive, 'awarded')) await check('award', () => refuse('E_ARCHIVE_AWARD', 'the award is left out'));
    return { value: undefined, detail: `${candidates.length} candidates` };
  }
  await check('award', () => {
    const candidate = candidates.find(({ bidId }) => bidId === award.bidId);
    if (candidate === undefined || candidate.price !== award.price || candidate.organizationId !== award.organizationId)
      refuse('E_ARCHIVE_AWARD', 'the award is not one of the candidates as published');
    const log = needed(facts.base.log, 'log');
    if (entriesOf(log, 'award').length !== 1) refuse('E_ARCHIVE_AWARD', 'the log holds more or less than one award');
    const { bidId, name, price } = award;
    if (!namesOne(getEntry(log, 'award').body['awards'], { bidId, name, price }))
      refuse('E_ARCHIVE_AWARD', 'the log names another award');
  });
  await check('contract', () => {
    if (contract === null && hasReached(archive, 'contracted')) refuse('E_ARCHIVE_AWARD', 'the contract is left out');
    if (contract !== null && contract.amount !== award.price)
      refuse('E_ARCHIVE_AWARD', 'the contract has another price than the award');
  });
  return { value: undefined, detail: `${award.name} ${award.price}` };
}
