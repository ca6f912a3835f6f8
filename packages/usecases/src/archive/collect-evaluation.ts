import { formatInstant, instant, toBase64 } from '@qej/kernel';
import type { TenderIn } from '@qej/tendering';
import { findCommittee } from '../evaluation/committee-course.ts';
import type { EvaluationCourse } from '../evaluation/locked-scores.ts';
import { declarationBytes } from '../evaluation/member-commands.ts';
import { readPool } from '../evaluation/pool.ts';
import { readSheet, submissionBytes } from '../evaluation/sheets.ts';
import { findFacts } from '../opening/opening-course.ts';
import type { SeatRecord, TenderRecord } from '../records.ts';
import { noticeOf, tenderOf } from '../tender/tender-course.ts';
import { jsonMember } from './json-member.ts';
import type { ArchiveMember, ArchivePorts, ArchiveProfile } from './ports.ts';

const at = (ms: number): string => formatInstant(instant(ms));

/** Draws: seed inputs, permutation and places for all; facts, filters and salts of the pool in the full profile. */
async function committeePart({ db }: ArchivePorts, record: TenderRecord, profile: ArchiveProfile) {
  const course = findCommittee(record);
  if (course === undefined) return null;
  const { pool, root } = await db.read((tx) => readPool(tx, record));
  const { permutation, selected, reserves, skipped, seed } = course.draw;
  const { committee } = noticeOf(record);
  const isFull = profile === 'full';
  return {
    seed,
    poolRoot: root,
    leaves: pool.map(({ leaf }) => leaf),
    pool: isFull ? pool : null,
    filters: isFull ? course.filters : null,
    quotas: isFull ? course.quotas : null,
    size: committee.size,
    reserves: committee.reserves,
    draw: { permutation, selected, reserves, skipped },
  };
}

export async function collectDraws(
  ports: ArchivePorts,
  record: TenderRecord,
  profile: ArchiveProfile,
): Promise<ArchiveMember[]> {
  const facts = findFacts(record);
  if (facts === undefined || facts.entropies.length === 0) return [];
  const { coefficient } = facts;
  return [
    jsonMember('draws.json', {
      entropies: facts.entropies,
      coefficient: coefficient === null ? null : { parameter: coefficient.name, value: coefficient.value },
      committee: await committeePart(ports, record, profile),
    }),
  ];
}

interface Declaration {
  readonly recuse: boolean;
  readonly reason: string;
  readonly at: string;
  readonly cms: string;
}

function declarationsOf(record: TenderRecord, seats: readonly SeatRecord[]) {
  return seats.flatMap(({ seat, declaration }) => {
    const said = declaration as unknown as Declaration | null; // written by the declaration command alone
    if (said === null) return [];
    const content = declarationBytes({ tenderId: record.id, seat, recuse: said.recuse, reason: said.reason });
    return [{ seat, content: toBase64(content), cms: said.cms, at: said.at }];
  });
}

/** The bytes that each expert signed, made again from the rows; a changed row is found by the verifier. */
async function submissionsOf({ db }: ArchivePorts, record: TenderRecord, seats: readonly SeatRecord[]) {
  const rows = await db.read((tx) =>
    tx.sheets.list({ tenderId: record.id }, { orderBy: { bidId: 'asc', seat: 'asc' } }),
  );
  return seats.flatMap(({ seat, sheetCms, submittedAt }) => {
    if (sheetCms === null || submittedAt === null) return [];
    const sheets = rows.filter((row) => row.seat === seat).map(readSheet);
    const bidIds = sheets.map(({ bidId }) => bidId);
    const content = submissionBytes(record, { seat, bidIds, sheets });
    return [{ seat, content: toBase64(content), cms: sheetCms, at: at(submittedAt) }];
  });
}

/** Marks as signed, inputs and result as locked. Full profile only. */
export async function collectEvaluation(ports: ArchivePorts, record: TenderRecord): Promise<ArchiveMember[]> {
  const course = record.course['evaluation'] as unknown as EvaluationCourse | undefined; // written by the evaluation station alone
  if (course === undefined) return [];
  const seats = await ports.db.read((tx) => tx.seats.list({ tenderId: record.id }, { orderBy: { seat: 'asc' } }));
  return [
    { path: 'evaluation/inputs.json', bytes: await ports.blobs.get(course.inputsSha256) },
    { path: 'evaluation/result.json', bytes: await ports.blobs.get(course.resultSha256) },
    jsonMember('evaluation.json', {
      reasons: course.reasons,
      declarations: declarationsOf(record, seats),
      submissions: await submissionsOf(ports, record, seats),
    }),
  ];
}

type WithResult = TenderIn<'reported' | 'candidates-published' | 'awarded' | 'contracted'>;
const RESULT: readonly string[] = ['reported', 'candidates-published', 'awarded', 'contracted'];

/** Candidates, award and contract as they were published. */
export function collectResult(record: TenderRecord): ArchiveMember[] {
  if (!RESULT.includes(record.state)) return [];
  const tender = tenderOf(record) as WithResult; // the state was asked for in the line above
  const candidates = tender.lots[0]?.candidates ?? [];
  const award = 'awards' in tender ? tender.awards[0] : undefined;
  const contract = 'contracts' in tender ? tender.contracts[0] : undefined;
  return [
    jsonMember('result.json', {
      candidates,
      award:
        award === undefined
          ? null
          : { bidId: award.bidId, organizationId: award.organizationId, name: award.name, price: award.price },
      contract:
        contract === undefined
          ? null
          : {
              signedAt: at(contract.signedAt),
              contractSha256: contract.contractSha256 === '' ? null : contract.contractSha256,
              amount: contract.amount,
            },
    }),
  ];
}
