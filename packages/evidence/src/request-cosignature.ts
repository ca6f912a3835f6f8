import { parseCheckpoint } from './checkpoint.ts';
import { verifyCosignature } from './cosignature.ts';
import { refuse } from './errors.ts';
import { parseVkey } from './note-key.ts';
import { addSignatures, parseSignatureLines, signaturesOf } from './note.ts';
import { formatAddCheckpoint, SIZE_CONTENT_TYPE } from './witness-protocol.ts';

export interface WitnessClientDeps {
  readonly fetch: typeof globalThis.fetch;
  /** Submission prefix, without a slash at its end. */
  readonly url: string;
  /** The witness's verifier key, signature type 0x04. */
  readonly vkey: string;
  /** From the size that the witness knows to that of the checkpoint. */
  readonly consistencyProof: (oldSize: number, size: number) => Promise<readonly Uint8Array[]>;
  readonly timeoutMs: number;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Two conflicts in a row mean that somebody else submits checkpoints; the caller tries again later. */
const ATTEMPTS = 3;

async function submit(deps: WitnessClientDeps, body: string): Promise<Answer> {
  const response = await deps.fetch(`${deps.url}/add-checkpoint`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    signal: AbortSignal.timeout(deps.timeoutMs),
  });
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    body: await response.text(),
  };
}

/** The witness's last size out of a 409 answer. */
function conflictSize(answer: Answer, asked: number, size: number): number {
  const known = Number(answer.body);
  if (!answer.contentType.startsWith(SIZE_CONTENT_TYPE) || !/^(?:0|[1-9][0-9]*)\n$/.test(answer.body)) {
    refuse('E_WITNESS_ANSWER', 'a conflict without a size');
  }
  if (known === asked) refuse('E_LOG_ROLLBACK', `the witness knows another tree of ${known} leaves`);
  if (known > size) refuse('E_LOG_ROLLBACK', `the witness has seen ${known} leaves, this checkpoint has ${size}`);
  return known;
}

/**
 * Asks a witness to cosign; learns its size from its 409 answer when `knownSize` is not it.
 * @returns the checkpoint with the witness's verified cosignature added.
 * @throws DomainError `E_WITNESS_ANSWER` (refused, or not this witness's signature); `E_LOG_ROLLBACK` when the witness
 * has seen a larger or another tree: stop the log and look. Network failures are the `fetch` port's own errors.
 */
export async function requestCosignature(
  deps: WitnessClientDeps,
  checkpoint: string,
  knownSize: number,
): Promise<string> {
  const witness = parseVkey(deps.vkey);
  const { head, note } = parseCheckpoint(checkpoint);
  let oldSize = Math.min(knownSize, head.size);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const proof = oldSize === 0 || oldSize === head.size ? [] : await deps.consistencyProof(oldSize, head.size);
    const answer = await submit(deps, formatAddCheckpoint({ oldSize, proof, checkpoint }));
    if (answer.status === 409) {
      oldSize = conflictSize(answer, oldSize, head.size);
      continue;
    }
    if (answer.status !== 200) refuse('E_WITNESS_ANSWER', `the witness answered ${answer.status}`);
    const own = signaturesOf({ text: note.text, signatures: parseSignatureLines(answer.body) }, witness);
    const [signature] = own;
    if (signature === undefined) return refuse('E_WITNESS_ANSWER', 'the answer has no signature of this witness');
    await verifyCosignature(note.text, signature, witness);
    return addSignatures(checkpoint, [signature]);
  }
  return refuse('E_WITNESS_ANSWER', 'the witness changes faster than we ask');
}
