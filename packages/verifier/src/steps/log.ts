import {
  hashLeaf,
  parseCheckpoint,
  verifyCheckpoint,
  verifyConsistency,
  verifyEntry,
  verifyInclusion,
} from '@qej/evidence';
import type { CheckedCheckpoint, EntryBody, TreeHead } from '@qej/evidence';
import { fromBase64, fromHex, parseInstant } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import type { LogEntry, Member } from '../archive-members.ts';
import { refuse } from '../codes.ts';
import type { Check, StepResult } from '../report.ts';
import type { Context } from './context.ts';

export interface LoggedEntry {
  readonly seq: number;
  readonly type: string;
  /** Leaf data, hex. */
  readonly commitment: string;
  readonly body: EntryBody;
  readonly at: Instant;
}

export interface LogFacts {
  readonly origin: string;
  readonly entries: readonly LoggedEntry[];
  readonly closing: CheckedCheckpoint | undefined;
  readonly last: CheckedCheckpoint | undefined;
  readonly keyFromArchive: boolean;
}

/** Entries of a type whose body has all these members. */
export const entriesOf = (
  log: LogFacts,
  type: string,
  members: Readonly<Record<string, Json>> = {},
): readonly LoggedEntry[] =>
  log.entries.filter(
    (entry) => entry.type === type && Object.entries(members).every(([name, value]) => entry.body[name] === value),
  );

/** @throws DomainError `E_ARCHIVE_LOG` */
export const getEntry = (log: LogFacts, type: string, members: Readonly<Record<string, Json>> = {}): LoggedEntry =>
  entriesOf(log, type, members)[0] ?? refuse('E_ARCHIVE_LOG', `the log holds no ${type} entry that says this`);

function checkEntry(entry: LogEntry, head: TreeHead): LoggedEntry | undefined {
  const commitment = fromHex(entry.commitment);
  verifyInclusion({
    leafHash: hashLeaf(commitment),
    index: entry.seq,
    size: head.size,
    proof: entry.proof.map(fromHex),
    root: head.root,
  });
  if (entry.body === null || entry.salt === null) return undefined;
  const body = verifyEntry({ body: fromBase64(entry.body), salt: fromHex(entry.salt), commitment });
  if (body.type !== entry.type) refuse('E_ARCHIVE_LOG', `listed as ${entry.type}, says ${body.type}`);
  return { seq: entry.seq, type: body.type, commitment: entry.commitment, body, at: parseInstant(body.at) };
}

async function checkEntries(log: Member<'log.json'>, head: TreeHead, check: Check): Promise<LoggedEntry[]> {
  const entries: LoggedEntry[] = [];
  for (const [i, entry] of log.entries.entries()) {
    const read = await check(`entry ${entry.seq} ${entry.type}`, () => {
      const before = log.entries[i - 1]?.seq ?? -1;
      if (entry.seq <= before) refuse('E_ARCHIVE_LOG', 'doubled or out of order');
      return checkEntry(entry, head);
    });
    if (read !== undefined) entries.push(read);
  }
  return entries;
}

type Checkpoints = Member<'log.json'>['checkpoints'];

/** Signature of the log and of the witnesses under the verifier's own policy, and a tree that only grew. */
async function checkCheckpoints(
  { policy }: Context,
  { origin, vkey, checkpoints }: Member<'log.json'>,
  check: Check,
): Promise<Map<Checkpoints[number]['at'], CheckedCheckpoint>> {
  const found = new Map<Checkpoints[number]['at'], CheckedCheckpoint>();
  const last = checkpoints.find(({ at }) => at === 'last');
  const newest = last === undefined ? undefined : parseCheckpoint(last.note).head;
  for (const { at, note, consistency } of checkpoints) {
    await check(`checkpoint ${at}`, async () => {
      const checked = await verifyCheckpoint(note, { ...policy, origin, logKey: policy.logKey ?? vkey });
      if (newest !== undefined)
        verifyConsistency({
          oldSize: checked.size,
          oldRoot: checked.root,
          size: newest.size,
          root: newest.root,
          proof: consistency.map(fromHex),
        });
      found.set(at, checked);
    });
  }
  return found;
}

/** Commitments, inclusion in the newest checkpoint, cosignatures, and one line from the publication to the end. */
export async function checkLog(context: Context, check: Check): Promise<StepResult<LogFacts>> {
  const { archive, policy, at } = context;
  const log = archive.member('log.json');
  await check('log', () => {
    if (log.origin !== archive.container.index.origin) refuse('E_ARCHIVE_LOG', 'index and log name another origin');
    if (policy.logKey !== undefined && policy.logKey !== log.vkey)
      refuse('E_ARCHIVE_LOG_KEY', 'the archive names another key than the one that was given');
  });
  const last = log.checkpoints.find((one) => one.at === 'last') ?? refuse('E_ARCHIVE_LOG', 'no last checkpoint');
  const { head } = parseCheckpoint(last.note);
  const checkpoints = await checkCheckpoints(context, log, check);
  const entries = await checkEntries(log, head, check);
  await check('publication', () => {
    const published = entries.find(({ type }) => type === 'notice');
    const first = checkpoints.get('publication');
    if (published === undefined) refuse('E_ARCHIVE_LOG', 'the log holds no notice of this tender');
    else if (first === undefined || first.size <= published.seq)
      refuse('E_ARCHIVE_LOG', 'no checkpoint of the publication holds the notice');
  });
  for (const entry of entries)
    await check(`entry ${entry.seq} ${entry.type}`, () => {
      if (entry.at > at) refuse('E_ARCHIVE_LOG', 'later than the time of this verification');
      const { tenderId } = entry.body;
      if (tenderId !== undefined && tenderId !== archive.container.index.tenderId)
        refuse('E_ARCHIVE_LOG', 'an entry of another tender');
    });
  const facts = { origin: log.origin, entries, keyFromArchive: policy.logKey === undefined };
  const signed = checkpoints.get('last')?.cosignatures.length ?? 0;
  const detail = `${entries.length} entries, tree of ${head.size}, ${signed} cosignatures`;
  return { value: { ...facts, closing: checkpoints.get('closing'), last: checkpoints.get('last') }, detail };
}
