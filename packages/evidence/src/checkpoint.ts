import { fromBase64, toBase64, utf8 } from '@qej/kernel';
import { refuse } from './errors.ts';
import { HASH_LENGTH } from './merkle.ts';
import { parsed } from './members.ts';
import { verifyEd25519, type NoteSigner, type NoteVerifier } from './note-key.ts';
import { formatNote, noteTextBytes, parseNote, signaturesOf, type Note } from './note.ts';

/** A signed tree head: c2sp.org/tlog-checkpoint. */
export interface TreeHead {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * The three lines of a checkpoint's text. We neither write nor take extension lines: no monitor can audit them.
 */
export function formatCheckpointText({ origin, size, root }: TreeHead): string {
  if (origin === '' || /[\n\r]/.test(origin)) refuse('E_CHECKPOINT_FORMAT', 'origin must be one line');
  if (!Number.isSafeInteger(size) || size < 0 || root.length !== HASH_LENGTH)
    refuse('E_CHECKPOINT_FORMAT', 'no tree head');
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** @throws DomainError `E_CHECKPOINT_FORMAT` */
export function parseCheckpointText(text: string): TreeHead {
  const lines = text.split('\n');
  const [origin = '', sizeText = '', rootText = ''] = lines;
  if (lines.length !== 4 || lines[3] !== '' || origin === '')
    refuse('E_CHECKPOINT_FORMAT', 'a checkpoint has three lines');
  const size = Number(sizeText);
  if (!/^(?:0|[1-9][0-9]*)$/.test(sizeText) || !Number.isSafeInteger(size))
    refuse('E_CHECKPOINT_FORMAT', 'tree size is not a number');
  const root = parsed(() => fromBase64(rootText), 'E_CHECKPOINT_FORMAT', 'root is not base64');
  if (root.length !== HASH_LENGTH) refuse('E_CHECKPOINT_FORMAT', 'root is not 32 bytes');
  return { origin, size, root };
}

/** Parses note and tree head; verifies nothing. @throws DomainError `E_NOTE_FORMAT`, `E_CHECKPOINT_FORMAT` */
export function parseCheckpoint(checkpoint: string): { readonly head: TreeHead; readonly note: Note } {
  const note = parseNote(checkpoint);
  return { head: parseCheckpointText(note.text), note };
}

/** Signs a tree head as the log. Whoever calls this has asked the guard first ({@link CheckpointGuard}). */
export async function signCheckpoint(head: TreeHead, signer: NoteSigner): Promise<string> {
  if (signer.kind !== 'ed25519') throw new Error('a log signs with a key of kind ed25519');
  const text = formatCheckpointText(head);
  const signature = await signer.sign(utf8(text));
  return formatNote(text, [{ name: signer.name, keyId: signer.keyId, signature }]);
}

/** @throws DomainError `E_CHECKPOINT_SIGNATURE` unless the log's key signed; a bad signature beside a good one is refused too. */
export async function verifyLogSignature(note: Note, logKey: NoteVerifier): Promise<void> {
  const own = signaturesOf(note, logKey);
  if (own.length === 0) refuse('E_CHECKPOINT_SIGNATURE', `no signature of ${logKey.name}`);
  for (const { signature } of own) {
    if (!(await verifyEd25519(logKey.publicKey, signature, noteTextBytes(note)))) {
      refuse('E_CHECKPOINT_SIGNATURE', `signature of ${logKey.name} is not valid`);
    }
  }
}
