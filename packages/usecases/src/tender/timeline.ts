import { formatInstant, instant } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import type { Notice, TenderState } from '@qej/tendering';
import type { Output, PlatformApi } from '@qej/contract';
import type { Transaction } from '../ports.ts';
import type { LogEntryRecord, TenderRecord } from '../records.ts';

type View = Output<PlatformApi['getTender']>;
type TimelineNode = View['timeline'][number];
type NodeId = TimelineNode['id'];

const ORDER: readonly NodeId[] = [
  'notice',
  'deposit',
  'bids',
  'opening',
  'committee',
  'evaluation',
  'result',
  'contract',
];

/** Which node a state is at: those before it are done. */
const NODE_OF: Readonly<Record<TenderState, NodeId | 'end'>> = {
  draft: 'notice',
  'awaiting-holders': 'notice',
  published: 'bids',
  closed: 'opening',
  'register-released': 'opening',
  'failed-few': 'opening',
  decrypting: 'opening',
  'prices-open': 'opening',
  opened: 'committee',
  'committee-drawn': 'committee',
  evaluating: 'evaluation',
  'technical-locked': 'evaluation',
  'price-decrypting': 'evaluation',
  'price-evaluating': 'evaluation',
  scored: 'evaluation',
  reported: 'result',
  'candidates-published': 'result',
  awarded: 'contract',
  contracted: 'end',
  terminated: 'end',
};

const NODE_OF_ENTRY: Readonly<Record<string, NodeId>> = {
  notice: 'notice',
  acceptance: 'notice',
  pool: 'notice',
  closing: 'bids',
  release: 'opening',
  'owners-published': 'opening',
  'decryption-started': 'opening',
  'halves-complete': 'opening',
  'coefficient-drawn': 'opening',
  'prices-shown': 'opening',
  'price-answered': 'opening',
  'bid-refused': 'opening',
  'fault-confirmed': 'opening',
  'guarantee-verified': 'opening',
  'opening-record': 'opening',
  'opening-ended': 'opening',
  'failed-few': 'opening',
  draw: 'committee',
  'member-replaced': 'committee',
  'chair-elected': 'committee',
  'evaluation-started': 'evaluation',
  'sheets-submitted': 'evaluation',
  'sheets-reopened': 'evaluation',
  recording: 'evaluation',
  'supervisor-look': 'evaluation',
  'scores-locked': 'evaluation',
  report: 'evaluation',
  candidates: 'result',
  award: 'result',
  contract: 'contract',
};

const CLOCKS: readonly {
  readonly state: TenderState;
  readonly member: string;
  readonly zh: string;
  readonly en: string;
}[] = [
  { state: 'decrypting', member: 'windowEndsAt', zh: '解密截止', en: 'Decryption window ends' },
  { state: 'candidates-published', member: 'publicityEndsAt', zh: '公示期满', en: 'Publicity ends' },
  { state: 'awarded', member: 'contractDueAt', zh: '签订合同期限', en: 'Contract is due' },
];

const factOf = (record: TenderRecord, member: string): number | undefined => {
  const facts = record.course['tender'];
  const value: Json | undefined =
    typeof facts === 'object' && facts !== null && !Array.isArray(facts)
      ? (facts as { [key: string]: Json })[member]
      : undefined;
  return typeof value === 'number' ? value : undefined;
};

function nextDeadline(record: TenderRecord): View['nextDeadline'] {
  if (record.state === 'published' || record.state === 'awaiting-holders' || record.state === 'draft') {
    return { what: { zh: '投标截止', en: 'Bids are due' }, at: formatInstant(instant(record.deadline)) };
  }
  const clock = CLOCKS.find(({ state }) => state === record.state);
  const at = clock === undefined ? undefined : factOf(record, clock.member);
  return clock === undefined || at === undefined
    ? undefined
    : { what: { zh: clock.zh, en: clock.en }, at: formatInstant(instant(at)) };
}

function statusOf(node: NodeId, record: TenderRecord, isEvidenced: boolean): TimelineNode['status'] {
  const isFailed = record.state === 'failed-few' || record.state === 'terminated';
  const here = NODE_OF[record.state as TenderState];
  if (record.state === 'terminated') return isEvidenced ? 'done' : 'failed';
  if (here === 'end') return 'done';
  const [own, current] = [ORDER.indexOf(node), ORDER.indexOf(here)];
  if (own === current) return isFailed ? 'failed' : 'now';
  if (isFailed && own > current) return 'failed';
  // Deposits are arranged while bids are prepared.
  if (node === 'deposit' && here === 'bids') return 'now';
  return own < current ? 'done' : 'next';
}

const viewEntry = (row: LogEntryRecord): TimelineNode['entries'][number] => ({
  seq: row.seq ?? -1,
  type: row.type,
  hash: row.commitment,
});

/** Notice → … → contract, each with what the log holds of it. */
export async function timelineOf(
  tx: Transaction,
  record: TenderRecord,
  notice: Notice | undefined,
): Promise<{ nodes: TimelineNode[]; deadline: View['nextDeadline'] }> {
  const entries = (
    await tx.logEntries.list({ tenderId: record.id }, { orderBy: { ordinal: 'asc' }, limit: 500 })
  ).filter(({ seq }) => seq !== null);
  const nodes = ORDER.map((id): TimelineNode => {
    const own = entries.filter(({ type }) => NODE_OF_ENTRY[type] === id);
    const [first] = own;
    const until = id === 'bids' && notice !== undefined ? notice.timetable.deadline.at : undefined;
    return {
      id,
      status: statusOf(id, record, own.length > 0),
      ...(first === undefined ? {} : { at: formatInstant(instant(first.at)) }),
      ...(until === undefined ? {} : { until }),
      entries: own.map(viewEntry),
    };
  });
  return { nodes, deadline: nextDeadline(record) };
}
