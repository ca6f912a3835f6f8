import type { Instant } from '@qej/kernel';
import { parseCheckpoint, verifyLogSignature, type TreeHead } from './checkpoint.ts';
import { verifyCosignature } from './cosignature.ts';
import { refuse } from './errors.ts';
import { isSameKey, parseVkey, type NoteVerifier } from './note-key.ts';
import { signaturesOf } from './note.ts';

/** Whom a verifier believes. Input of the verifier, never taken from the archive that is checked. */
export interface WitnessPolicy {
  readonly origin: string;
  /** Verifier key of the log, signature type 0x01. */
  readonly logKey: string;
  /** `independent`: run by somebody other than the log's operator, as the verifier knows. */
  readonly witnesses: readonly { readonly vkey: string; readonly independent: boolean }[];
  /** How many of the witnesses must have signed; 0 = none asked. */
  readonly quorum: number;
}

export interface CheckedCosignature {
  readonly name: string;
  readonly vkey: string;
  readonly at: Instant;
  readonly independent: boolean;
}

export interface CheckedCheckpoint extends TreeHead {
  readonly cosignatures: readonly CheckedCosignature[];
}

interface KnownWitness extends NoteVerifier {
  readonly vkey: string;
  readonly independent: boolean;
}

/** @throws DomainError `E_WITNESS_POLICY` for a wrong kind of key, one key under two names, a quorum nobody can reach. */
function readPolicy(policy: WitnessPolicy): { logKey: NoteVerifier; witnesses: KnownWitness[] } {
  const logKey = parseVkey(policy.logKey);
  if (logKey.kind !== 'ed25519') refuse('E_WITNESS_POLICY', 'the log key is not of type 0x01');
  const witnesses = policy.witnesses.map((one) => ({ ...parseVkey(one.vkey), ...one }));
  for (const [i, witness] of witnesses.entries()) {
    if (witness.kind !== 'cosignature') refuse('E_WITNESS_POLICY', `${witness.name} is not of type 0x04`);
    if (witnesses.slice(0, i).some((other) => isSameKey(other, witness)))
      refuse('E_WITNESS_POLICY', `${witness.name} is listed twice`);
  }
  if (!Number.isSafeInteger(policy.quorum) || policy.quorum < 0 || policy.quorum > witnesses.length) {
    refuse('E_WITNESS_POLICY', 'the quorum cannot be reached');
  }
  return { logKey, witnesses };
}

/**
 * Steps: note and tree head, origin, the log's signature, each known witness, the quorum. Unknown signatures are
 * ignored; a bad one of a known key refuses the whole checkpoint.
 * @throws DomainError `E_NOTE_FORMAT`, `E_CHECKPOINT_FORMAT`, `E_CHECKPOINT_ORIGIN`, `E_CHECKPOINT_SIGNATURE`,
 * `E_COSIGNATURE_SIGNATURE`, `E_COSIGNATURE_QUORUM`, `E_WITNESS_POLICY`
 */
export async function verifyCheckpoint(checkpoint: string, policy: WitnessPolicy): Promise<CheckedCheckpoint> {
  const { logKey, witnesses } = readPolicy(policy);
  const { head, note } = parseCheckpoint(checkpoint);
  if (head.origin !== policy.origin) refuse('E_CHECKPOINT_ORIGIN', 'another log');
  await verifyLogSignature(note, logKey);
  const cosignatures: CheckedCosignature[] = [];
  for (const witness of witnesses) {
    const times: Instant[] = [];
    for (const line of signaturesOf(note, witness)) times.push(await verifyCosignature(note.text, line, witness));
    const [at] = times;
    if (at !== undefined)
      cosignatures.push({ name: witness.name, vkey: witness.vkey, at, independent: witness.independent });
  }
  if (cosignatures.length < policy.quorum) {
    refuse('E_COSIGNATURE_QUORUM', `${cosignatures.length} of ${policy.quorum} cosignatures`);
  }
  return { ...head, cosignatures };
}
