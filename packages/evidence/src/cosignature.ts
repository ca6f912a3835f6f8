import { concatBytes, instant, u64be, utf8, type Instant } from '@qej/kernel';
import { refuse } from './errors.ts';
import { verifyEd25519, type NoteSigner, type NoteVerifier } from './note-key.ts';
import type { NoteSignature } from './note.ts';

const TIMESTAMP_LENGTH = 8;
const SIGNATURE_LENGTH = 64;
const MAX_SECONDS = 8_640_000_000_000n;

const signedMessage = (seconds: bigint | number, checkpointText: string): Uint8Array =>
  utf8(`cosignature/v1\ntime ${seconds}\n${checkpointText}`);

/**
 * c2sp.org/tlog-cosignature, Ed25519: "as of this time this is the largest consistent tree that I have seen".
 * A witness stores its state before it calls this. Time is cut to whole seconds.
 */
export async function cosign(checkpointText: string, signer: NoteSigner, at: Instant): Promise<NoteSignature> {
  if (signer.kind !== 'cosignature') throw new Error('a witness signs with a key of kind cosignature');
  const seconds = Math.floor(at / 1000);
  const signature = await signer.sign(signedMessage(seconds, checkpointText));
  return { name: signer.name, keyId: signer.keyId, signature: concatBytes(u64be(seconds), signature) };
}

/**
 * @returns the time that the witness states.
 * @throws DomainError `E_COSIGNATURE_SIGNATURE`
 */
export async function verifyCosignature(
  checkpointText: string,
  { signature }: NoteSignature,
  witness: NoteVerifier,
): Promise<Instant> {
  if (witness.kind !== 'cosignature') throw new Error('a witness key is of kind cosignature');
  if (signature.length !== TIMESTAMP_LENGTH + SIGNATURE_LENGTH) refuse('E_COSIGNATURE_SIGNATURE', 'wrong length');
  const seconds = new DataView(signature.buffer, signature.byteOffset, TIMESTAMP_LENGTH).getBigUint64(0);
  if (seconds > MAX_SECONDS) refuse('E_COSIGNATURE_SIGNATURE', 'time is out of range');
  const message = signedMessage(seconds, checkpointText);
  if (!(await verifyEd25519(witness.publicKey, signature.slice(TIMESTAMP_LENGTH), message))) {
    refuse('E_COSIGNATURE_SIGNATURE', `cosignature of ${witness.name} is not valid`);
  }
  return instant(Number(seconds) * 1000);
}
