import { fromBase64 } from '@qej/kernel';
import { declarationBytes } from '../member-commands.ts';
import type { EvaluationWorld, Person } from './evaluation-world.ts';
import type { Made } from './opened-tender.ts';
import { input } from './test-tender.ts';

/** What the people do, step by step, through the handlers. */
export async function declareSeat(
  world: EvaluationWorld,
  tenderId: string,
  seat: number,
  recuse?: string,
): Promise<Person> {
  const person = await world.seated(tenderId, seat);
  await world.api.answerCall(input({ tenderId }, { accept: true }), world.as(person));
  await world.api.signIn(input({ tenderId }), world.as(person));
  const reason = recuse ?? '';
  const content = declarationBytes({ tenderId, seat, recuse: recuse !== undefined, reason });
  const cms = await world.sign(person, 'qej-declaration/1', content);
  const body = { recuse: recuse !== undefined, reason, cms };
  await world.api.declare(input({ tenderId }, body), world.as(person));
  return person;
}

/** Draws, has the five declare, elects the first seat, opens the evaluation. */
export async function startedTender(world: EvaluationWorld, made: Made): Promise<void> {
  const { tenderId } = made;
  await world.api.drawCommittee(input({ tenderId }), world.as(world.agency));
  for (const seat of [1, 2, 3, 4, 5]) await declareSeat(world, tenderId, seat);
  for (const seat of [1, 2, 3, 4, 5])
    await world.api.voteChair(input({ tenderId }, { seat: 1 }), world.as(await world.seated(tenderId, seat)));
  await world.api.startEvaluation(input({ tenderId }), world.as(await world.seated(tenderId, 1)));
}

export interface Given {
  readonly record?: string;
  readonly method?: string;
  readonly team?: string;
  readonly note?: string;
  readonly reject?: boolean;
}

export async function saveMarks(
  world: EvaluationWorld,
  { tenderId, seat, bidId }: { tenderId: string; seat: number; bidId: string },
  given: Given = {},
): Promise<void> {
  const { record = '8', method = '25.5', team = '16', note, reject = false } = given;
  const marks = [
    { criterionId: 'record', score: record },
    { criterionId: 'method', score: method, ...(note === undefined ? {} : { note }) },
    { criterionId: 'team', score: team },
  ];
  const rejection = { pass: false, ground: 'unqualified-bidder', opinion: '资质证书过期，见第 12 页' };
  const passFail = [
    { itemId: 'signature', pass: true },
    { itemId: 'qualification', ...(reject ? rejection : { pass: true }) },
  ];
  await world.api.saveSheet(
    input({ tenderId, bidId }, { bidId, marks, passFail }),
    world.as(await world.seated(tenderId, seat)),
  );
}

export async function submit(world: EvaluationWorld, tenderId: string, seat: number): Promise<void> {
  const person = await world.seated(tenderId, seat);
  const { bytes } = await world.api.getSheetDigest(input({ tenderId }), world.as(person));
  const cms = await world.sign(person, 'qej-scores/1', fromBase64(bytes));
  await world.api.submitSheets(input({ tenderId }, { cms }), world.as(person));
}

/** Every sitting seat marks every bid alike, but as `vary` says, and submits. */
export async function scoreAll(
  world: EvaluationWorld,
  { tenderId, bids }: Made,
  {
    seats = [1, 2, 3, 4, 5],
    vary = () => ({}),
  }: { seats?: readonly number[]; vary?: (seat: number, bid: number) => Given } = {},
): Promise<void> {
  for (const seat of seats) {
    for (const [index, { bidId }] of bids.entries())
      await saveMarks(world, { tenderId, seat, bidId }, vary(seat, index));
    await submit(world, tenderId, seat);
  }
}

/** Scored, locked, reported and signed by all. */
export async function reportedTender(
  world: EvaluationWorld,
  made: Made,
  vary: (seat: number, bid: number) => Given = () => ({}),
): Promise<void> {
  const { tenderId } = made;
  await startedTender(world, made);
  await scoreAll(world, made, { vary });
  const chair = await world.seated(tenderId, 1);
  await world.api.lockScores(input({ tenderId }), world.as(chair));
  const { documentId } = await world.api.makeReport(input({ tenderId }, { dissents: [] }), world.as(chair));
  for (const seat of [1, 2, 3, 4, 5]) await world.signDocument(await world.seated(tenderId, seat), documentId);
  await world.api.finishEvaluation(input({ tenderId }), world.as(chair));
}
