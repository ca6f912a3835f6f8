import {
  cosign,
  emptyRoot,
  formatSignatureLine,
  parseAddCheckpoint,
  parseCheckpoint,
  SIZE_CONTENT_TYPE,
  verifyConsistency,
  verifyLogSignature,
  type AddCheckpoint,
  type NoteVerifier,
  type TreeHead,
} from '@qej/evidence';
import { DomainError, equalBytes, type Clock } from '@qej/kernel';
import type { WitnessStore } from './witness-store.ts';

export interface Answer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly contentType: string;
  readonly body: string;
}

export interface Witness {
  /** `POST /add-checkpoint`: one at a time, so that comparing and storing are one step. */
  addCheckpoint(body: string): Promise<Answer>;
}

export interface WitnessDeps {
  readonly store: WitnessStore;
  /** Key of each log by its origin. */
  readonly logs: ReadonlyMap<string, NoteVerifier>;
  readonly clock: Clock;
}

const TEXT = 'text/plain; charset=utf-8';
const answer = (status: Answer['status'], body: string): Answer => ({ status, contentType: TEXT, body: `${body}\n` });
const conflict = (size: number): Answer => ({ status: 409, contentType: SIZE_CONTENT_TYPE, body: `${size}\n` });

/** The refusal as an answer; anything that is not a refusal goes on up. */
async function unless(status: Answer['status'], check: () => void | Promise<void>): Promise<Answer | undefined> {
  try {
    await check();
    return undefined;
  } catch (cause) {
    if (cause instanceof DomainError) return answer(status, cause.message);
    throw cause;
  }
}

function parseRequest(body: string): (AddCheckpoint & ReturnType<typeof parseCheckpoint>) | Answer {
  try {
    const request = parseAddCheckpoint(body);
    return { ...request, ...parseCheckpoint(request.checkpoint) };
  } catch (cause) {
    if (cause instanceof DomainError) return answer(400, cause.message);
    throw cause;
  }
}

/** Is `next` a continuation of what this witness signed last? */
function checkGrowth(
  last: TreeHead | undefined,
  next: TreeHead,
  proof: readonly Uint8Array[],
): Promise<Answer | undefined> {
  const isFirst = last === undefined || last.size === 0;
  return unless(422, () => {
    if (next.size === 0 && !equalBytes(next.root, emptyRoot()))
      throw new DomainError('E_LOG_CONSISTENCY', { detail: 'root of an empty tree' });
    if (isFirst && proof.length > 0)
      throw new DomainError('E_LOG_CONSISTENCY', { detail: 'a proof from nothing is empty' });
    if (!isFirst)
      verifyConsistency({ oldSize: last.size, oldRoot: last.root, size: next.size, root: next.root, proof });
  });
}

/** A witness as c2sp.org/tlog-witness describes it; the order of the checks is the document's. */
export function createWitness({ store, logs, clock }: WitnessDeps): Witness {
  const decide = async (body: string): Promise<Answer> => {
    const request = parseRequest(body);
    if ('status' in request) return request;
    const { head, note, oldSize, proof } = request;
    const logKey = logs.get(head.origin);
    if (logKey === undefined) return answer(404, 'unknown log');
    const unsigned = await unless(403, () => verifyLogSignature(note, logKey));
    if (unsigned !== undefined) return unsigned;
    if (oldSize > head.size) return answer(400, 'the old size is larger than the checkpoint');
    const last = store.head(head.origin);
    const knownSize = last?.size ?? 0;
    if (oldSize !== knownSize) return conflict(knownSize);
    if (last !== undefined && head.size === last.size && !equalBytes(head.root, last.root)) return conflict(knownSize);
    const inconsistent = await checkGrowth(last, head, proof);
    if (inconsistent !== undefined) return inconsistent;
    if (last?.size !== head.size) await store.save(head);
    const signature = await cosign(note.text, store.signer, clock.now());
    return { status: 200, contentType: TEXT, body: formatSignatureLine(signature) };
  };
  let queue: Promise<unknown> = Promise.resolve();
  return {
    addCheckpoint(body) {
      const turn = queue.then(() => decide(body));
      queue = turn.catch(() => undefined);
      return turn;
    },
  };
}
