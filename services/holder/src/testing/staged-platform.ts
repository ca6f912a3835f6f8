import type { PlatformClient } from '@qej/client';
import { sha256Hex } from '@qej/client';
import {
  addSignatures,
  commitEntry,
  cosign,
  createNoteSigner,
  hashLeaf,
  newNoteSeed,
  planInclusion,
  readProof,
  rootOfLeafHashes,
  signCheckpoint,
} from '@qej/evidence';
import type { CommittedEntry, NoteSigner, WitnessPolicy } from '@qej/evidence';
import { formatInstant, fromUtf8, instant, toHex } from '@qej/kernel';
import { encodeNotice } from '@qej/tendering';
import type { Notice } from '@qej/tendering';

export interface StagedEntry {
  readonly type: string;
  readonly at: number;
  readonly lotId: string;
}

/** What a platform shows to a holder, true or not: the test decides. Log, checkpoints and cosignatures are real. */
export interface StagedPlatform {
  readonly api: PlatformClient;
  readonly policy: WitnessPolicy;
  notice: Notice;
  entries: readonly StagedEntry[];
  /** When the witness signs; undefined: it does not. */
  cosignedAt: number | undefined;
  deadlineShown: string | undefined;
  tasks: readonly {
    readonly tenderId: string;
    readonly lotId: string;
    readonly stage: string;
    readonly task: 'accept' | 'release';
  }[];
  readonly accepted: { readonly acceptance: string; readonly cms: string; readonly proof: string }[];
  readonly released: { readonly release: string; readonly cms: string }[];
}

const ORIGIN = 'log.test/qej';
const FIRST_SALT = new Uint8Array(32).fill(7);
type Call = { readonly params: { readonly seq: number } };

function committed({ type, at, lotId }: StagedEntry): CommittedEntry {
  return commitEntry({ v: 1, type, at: formatInstant(instant(at)), lotId }, FIRST_SALT);
}

async function checkpointOf(
  leaves: readonly Uint8Array[],
  log: NoteSigner,
  witness: NoteSigner,
  at: number | undefined,
): Promise<string> {
  const head = { origin: ORIGIN, size: leaves.length, root: rootOfLeafHashes([...leaves]) };
  const note = await signCheckpoint(head, log);
  if (at === undefined) return note;
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  return addSignatures(note, [await cosign(text, witness, instant(at))]);
}

export async function stagePlatform(notice: Notice, forged?: NoteSigner): Promise<StagedPlatform> {
  const log = await createNoteSigner({ name: ORIGIN, kind: 'ed25519', seed: newNoteSeed() });
  const witness = await createNoteSigner({ name: 'witness.test', kind: 'cosignature', seed: newNoteSeed() });
  const staged: StagedPlatform = {
    policy: { origin: ORIGIN, logKey: log.vkey, witnesses: [{ vkey: witness.vkey, independent: false }], quorum: 1 },
    notice,
    entries: [],
    cosignedAt: undefined,
    deadlineShown: undefined,
    tasks: [],
    accepted: [],
    released: [],
    api: {
      getNotice: async () => encodeNotice(staged.notice),
      getSealingKeys: async () => ({ noticeHash: await sha256Hex(encodeNotice(staged.notice)) }),
      getTender: async () => ({ deadline: staged.deadlineShown ?? staged.notice.timetable.deadline.at }),
      listHolderTasks: async () => ({ items: staged.tasks }),
      listLogEntries: async () => ({ items: staged.entries.map((entry, seq) => viewOf(entry, seq)) }),
      getLogProof: async ({ params }: Call) => {
        const leaves = staged.entries.map((entry) => hashLeaf(committed(entry).commitment));
        const proof = await readProof(planInclusion(params.seq, leaves.length), async (nodes) =>
          nodes.map(({ level, index }) => rootOfLeafHashes(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level))),
        );
        const entry = staged.entries[params.seq];
        if (entry === undefined) throw new Error('no such entry');
        const checkpoint = await checkpointOf(leaves, log, forged ?? witness, staged.cosignedAt);
        return { entry: viewOf(entry, params.seq), treeSize: leaves.length, proof: proof.map(toHex), checkpoint };
      },
      acceptKey: async ({ body }: { readonly body: { readonly items: StagedPlatform['accepted'] } }) => {
        staged.accepted.push(...body.items);
        return { ok: true };
      },
      releaseKey: async ({ body }: { readonly body: { readonly items: StagedPlatform['released'] } }) => {
        staged.released.push(...body.items);
        return { ok: true };
      },
    } as unknown as PlatformClient, // the routes that a holder uses
  };
  return staged;
}

function viewOf(entry: StagedEntry, seq: number) {
  const { body, salt, commitment } = committed(entry);
  return {
    seq,
    type: entry.type,
    at: formatInstant(instant(entry.at)),
    commitment: toHex(commitment),
    salt: toHex(salt),
    body: JSON.parse(fromUtf8(body)) as unknown,
  };
}

export const newWitness = (): Promise<NoteSigner> =>
  createNoteSigner({ name: 'witness.test', kind: 'cosignature', seed: newNoteSeed() });
