import { evaluateLot, parseLotCriteria, parseScoringRule, passFailItems } from '@qej/evaluation';
import type { AbnormalReason, LotCriteria, LotEvaluation, LotInputs, ScoreSheet, VoteSheet } from '@qej/evaluation';
import { canonicalBytes, canonicalJson, fromBase64, fromHex, parseInstant } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { anyJson, closed, flag, hash, id, integer, list, moneyText, oneOf, readClosed, text } from '../closed-json.ts';
import type { ReadBy } from '../closed-json.ts';
import { refuse } from '../codes.ts';
import { sha256Hex } from '../container.ts';
import { absent, needed } from '../report.ts';
import type { Check, StepResult } from '../report.ts';
import { verifyAct } from '../trust-set.ts';
import { hasReached } from './context.ts';
import type { BaseFacts, Context } from './context.ts';
import type { DrawFacts } from './draws.ts';
import { entriesOf, getEntry } from './log.ts';

/** `qej-evaluation-inputs` 1: what the evaluation station locked. Experts are seats. */
const readInputs = closed({
  format: oneOf(['qej-evaluation-inputs']),
  v: oneOf([1]),
  tenderId: id,
  lotId: id,
  noticeHash: hash,
  criteria: anyJson,
  rule: anyJson,
  parameters: anyJson,
  experts: list(text(64, 1), 99),
  bids: list(closed({ id, price: moneyText })),
  votes: anyJson,
  sheets: anyJson,
  tieSeed: hash,
});
type Inputs = ReadBy<typeof readInputs>;

const pair = (value: object): Json => value as Json;
const submission = closed({
  v: oneOf([1]),
  tenderId: id,
  noticeHash: hash,
  seat: integer(1, 999),
  sheets: list(closed({ bidId: id, marks: list(anyJson, 200), passFail: list(anyJson, 200) })),
});
interface Mark {
  readonly criterionId: string;
  readonly score: string;
}
interface PassMark {
  readonly itemId: string;
  readonly pass: boolean;
  readonly ground?: string;
  readonly opinion?: string;
}

/** Evaluated by the same pure function that anybody can call; sheets that do not fit are its own refusals. */
function evaluate(inputs: Inputs, reasons: readonly AbnormalReason[]): LotEvaluation {
  return evaluateLot({
    criteria: parseLotCriteria(inputs.criteria),
    rule: parseScoringRule(inputs.rule),
    parameters: inputs.parameters as LotInputs['parameters'],
    experts: inputs.experts,
    bids: inputs.bids,
    votes: inputs.votes as unknown as readonly VoteSheet[],
    sheets: inputs.sheets as unknown as readonly ScoreSheet[],
    reasons,
    tieSeed: fromHex(inputs.tieSeed),
  });
}

const verdictOf = ({ itemId, pass, ground, opinion }: PassMark, criteria: LotCriteria): Json =>
  pass
    ? { pass: true }
    : {
        pass: false,
        ground: ground ?? '',
        clause: passFailItems(criteria).find((item) => item.id === itemId)?.clause ?? '',
        evidence: opinion ?? '',
      };

/** The sheets that one expert signed, as the inputs must hold them. */
function sheetsOf(signed: ReadBy<typeof submission>, criteria: LotCriteria): { votes: Json[]; sheets: Json[] } {
  const expertId = `seat-${signed.seat}`;
  const votes = signed.sheets.map(({ bidId, passFail }) => {
    const marks = passFail as unknown as readonly PassMark[];
    return pair({
      bidId,
      expertId,
      verdicts: Object.fromEntries(marks.map((mark) => [mark.itemId, verdictOf(mark, criteria)])),
    });
  });
  const sheets = signed.sheets.map(({ bidId, marks }) => {
    const given = marks as unknown as readonly Mark[];
    return pair({
      bidId,
      expertId,
      scores: Object.fromEntries(given.map(({ criterionId, score }) => [criterionId, score])),
    });
  });
  return { votes, sheets };
}

const own = (all: Json, expertId: string): string =>
  canonicalJson(
    (all as unknown as readonly { bidId: string; expertId: string }[])
      .filter((one) => one.expertId === expertId)
      .toSorted((a, b) => (a.bidId < b.bidId ? -1 : 1)),
  );

/** Each member's own signature over its own marks, and nothing else in the inputs. */
async function checkSubmissions(context: Context, base: BaseFacts, inputs: Inputs, check: Check): Promise<void> {
  const { archive, trust } = context;
  const { submissions } = archive.member('evaluation.json');
  const criteria = parseLotCriteria(inputs.criteria);
  for (const one of submissions)
    await check(`sheets of seat ${one.seat}`, async () => {
      const content = fromBase64(one.content);
      const cms = fromBase64(one.cms);
      await verifyAct(trust, { purpose: 'qej-scores/1', content, cms, at: parseInstant(one.at) });
      const signed = readClosed(content, submission, 'submission');
      if (signed.seat !== one.seat || signed.noticeHash !== inputs.noticeHash)
        refuse('E_ARCHIVE_SHEET', 'signed for another seat or notice');
      const expertId = `seat-${one.seat}`;
      const { votes, sheets } = sheetsOf(signed, criteria);
      if (
        own(inputs.votes, expertId) !== own(votes, expertId) ||
        own(inputs.sheets, expertId) !== own(sheets, expertId)
      )
        refuse('E_ARCHIVE_SHEET', 'the locked marks are not those that were signed');
      getEntry(needed(base.log, 'log'), 'sheets-submitted', { seat: one.seat, cmsSha256: sha256Hex(cms) });
    });
  for (const expert of inputs.experts)
    await check(expert, () => {
      if (!submissions.some(({ seat }) => `seat-${seat}` === expert))
        refuse('E_ARCHIVE_SHEET', 'marks without the signature of their expert');
    });
}

async function checkDeclarations({ archive, trust }: Context, inputs: Inputs, check: Check): Promise<void> {
  const { declarations } = archive.member('evaluation.json');
  const reader = closed({ v: oneOf([1]), tenderId: id, seat: integer(1, 999), recuse: flag, reason: text(2_000) });
  for (const one of declarations)
    await check(`declaration of seat ${one.seat}`, async () => {
      const content = fromBase64(one.content);
      await verifyAct(trust, {
        purpose: 'qej-declaration/1',
        content,
        cms: fromBase64(one.cms),
        at: parseInstant(one.at),
      });
      const said = readClosed(content, reader, 'declaration');
      if (said.seat !== one.seat || said.tenderId !== archive.container.index.tenderId)
        refuse('E_ARCHIVE_SHEET', 'a declaration for another seat or tender');
      if (said.recuse && inputs.experts.includes(`seat-${one.seat}`))
        refuse('E_ARCHIVE_SHEET', 'somebody who recused sits among the experts');
    });
  for (const expert of inputs.experts)
    await check(expert, () => {
      if (!declarations.some(({ seat }) => `seat-${seat}` === expert))
        refuse('E_ARCHIVE_SHEET', 'an expert without a declaration');
    });
}

/** Inputs are the notice's rules, the drawn values and the prices of the table. */
function checkInputs(context: Context, facts: { base: BaseFacts; draws: DrawFacts | undefined }, inputs: Inputs): void {
  const { notice, noticeHash } = needed(facts.base.notice, 'notice');
  if (inputs.noticeHash !== noticeHash || inputs.tenderId !== notice.tenderId)
    refuse('E_ARCHIVE_SCORES', 'inputs of another tender');
  const same = (left: Json, right: Json): boolean => canonicalJson(left) === canonicalJson(right);
  if (!same(inputs.criteria, notice.criteria) || !same(inputs.rule, notice.scoringRule))
    refuse('E_ARCHIVE_SCORES', 'other criteria or another rule than the notice');
  const draws = needed(facts.draws, 'draws');
  if (inputs.tieSeed !== draws.tieSeed) refuse('E_ARCHIVE_SCORES', 'another tie seed');
  const parameters = inputs.parameters as Readonly<Record<string, Json>>;
  const ceiling = notice.lots[0]?.ceilingPrice ?? undefined;
  if ('ceiling' in parameters && parameters['ceiling'] !== ceiling) refuse('E_ARCHIVE_SCORES', 'another ceiling price');
  const { coefficient } = draws;
  if (coefficient !== undefined && coefficient.name in parameters && parameters[coefficient.name] !== coefficient.value)
    refuse('E_ARCHIVE_SCORES', 'another coefficient than the one drawn');
  const opened = context.archive.member('bids.json').bids.filter(({ price }) => price !== null);
  const table = opened.map(({ bidId, price }) => ({ id: bidId, price })).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (!same(pair(table), pair(inputs.bids))) refuse('E_ARCHIVE_SCORES', 'other prices than the price table');
}

/** Every mark signed, every score computed again, equal to the last digit. Full profile only. */
export async function checkScores(
  context: Context,
  facts: { base: BaseFacts; draws: DrawFacts | undefined },
  check: Check,
): Promise<StepResult<LotEvaluation | undefined>> {
  const { archive } = context;
  if (archive.profile === 'public') return absent('公开档案不含评分 a public archive holds no marks');
  if (!archive.has('evaluation.json') && !hasReached(archive, 'scored')) return absent('nothing was scored');
  const inputsBytes = archive.bytes('evaluation/inputs.json');
  const inputs = readClosed(inputsBytes, readInputs, 'evaluation/inputs.json');
  const again = evaluate(inputs, []);
  const result = canonicalBytes(JSON.parse(JSON.stringify(again)));
  await check('evaluation/result.json', () => {
    if (sha256Hex(result) !== sha256Hex(archive.bytes('evaluation/result.json')))
      refuse('E_ARCHIVE_SCORES', 'the inputs give another result');
  });
  await check('log', () => {
    const log = needed(facts.base.log, 'log');
    const said = { inputsSha256: sha256Hex(inputsBytes), resultSha256: sha256Hex(result) };
    const locked = getEntry(log, 'scores-locked', said);
    for (const { seq } of entriesOf(log, 'sheets-submitted'))
      if (seq > locked.seq) refuse('E_ARCHIVE_SHEET', 'sheets were submitted after the lock');
  });
  await check('evaluation/inputs.json', () => checkInputs(context, facts, inputs));
  await checkSubmissions(context, facts.base, inputs, check);
  await checkDeclarations(context, inputs, check);
  const { ranking } = again;
  return {
    value: again,
    detail: `${inputs.experts.length} experts, ${inputs.bids.length} bids, ${ranking.length} ranked`,
  };
}
