import { fromBase64, toBase64 } from '@qej/kernel';
import { refuse } from './errors.ts';
import { HASH_LENGTH } from './merkle.ts';
import { parsed } from './members.ts';

/** The body of `POST /add-checkpoint` (c2sp.org/tlog-witness). */
export interface AddCheckpoint {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  /** A signed note. */
  readonly checkpoint: string;
}

/** Longest proof that the protocol takes. */
const MAX_PROOF = 63;
/** Content type of the 409 answer, whose body is the size that the witness last signed. */
export const SIZE_CONTENT_TYPE = 'text/x.tlog.size';

export const formatAddCheckpoint = ({ oldSize, proof, checkpoint }: AddCheckpoint): string =>
  `old ${oldSize}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint}`;

/** @throws DomainError `E_WITNESS_REQUEST` */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const gap = body.indexOf('\n\n');
  if (gap < 0) refuse('E_WITNESS_REQUEST', 'no empty line before the checkpoint');
  const [oldLine = '', ...proofLines] = body.slice(0, gap).split('\n');
  const [, sizeText = ''] =
    /^old (0|[1-9][0-9]*)$/.exec(oldLine) ?? refuse('E_WITNESS_REQUEST', 'first line is not the old size');
  const oldSize = Number(sizeText);
  if (!Number.isSafeInteger(oldSize)) refuse('E_WITNESS_REQUEST', 'old size is out of range');
  if (proofLines.length > MAX_PROOF) refuse('E_WITNESS_REQUEST', 'proof is too long');
  const proof = proofLines.map((line) =>
    parsed(() => fromBase64(line), 'E_WITNESS_REQUEST', 'proof line is not base64'),
  );
  if (proof.some((hash) => hash.length !== HASH_LENGTH)) refuse('E_WITNESS_REQUEST', 'proof hash is not 32 bytes');
  return { oldSize, proof, checkpoint: body.slice(gap + 2) };
}
