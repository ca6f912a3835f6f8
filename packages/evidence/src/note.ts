import { concatBytes, equalBytes, fromBase64, toBase64, utf8 } from '@qej/kernel';
import { refuse } from './errors.ts';
import { parsed } from './members.ts';
import { isKeyName, type NoteVerifier } from './note-key.ts';

export interface NoteSignature {
  readonly name: string;
  /** Four bytes. */
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Note {
  /** With its last newline, without the empty line that follows. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Above the 16 that every verifier must accept; a note of ours has a handful. */
const MAX_SIGNATURES = 64;
const MAX_LENGTH = 64 * 1024;
// oxlint-disable-next-line no-control-regex -- c2sp.org/signed-note forbids control characters; finding them is the point
const CONTROL = /[\u0000-\u0009\u000B-\u001F]/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const LINE = /^— (\S+) (\S+)$/u;

/** `— <name> base64(key id ‖ signature)` and a newline. */
export const formatSignatureLine = ({ name, keyId, signature }: NoteSignature): string =>
  `— ${name} ${toBase64(concatBytes(keyId, signature))}\n`;

/** @throws DomainError `E_NOTE_FORMAT` */
export function parseSignatureLine(line: string): NoteSignature {
  const [, name = '', encoded = ''] = LINE.exec(line) ?? refuse('E_NOTE_FORMAT', 'not a signature line');
  if (!isKeyName(name)) refuse('E_NOTE_FORMAT', 'key name is not allowed');
  const bytes = parsed(() => fromBase64(encoded), 'E_NOTE_FORMAT', 'signature is not base64');
  if (bytes.length < 5) refuse('E_NOTE_FORMAT', 'signature is too short');
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/** Signature lines, one or more, each ended by a newline. @throws DomainError `E_NOTE_FORMAT` */
export function parseSignatureLines(block: string): NoteSignature[] {
  if (!block.endsWith('\n')) refuse('E_NOTE_FORMAT', 'signatures do not end in a newline');
  const lines = block.slice(0, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) refuse('E_NOTE_FORMAT', 'too many signatures');
  return lines.map(parseSignatureLine);
}

/** @throws DomainError `E_NOTE_FORMAT` unless it is a c2sp.org/signed-note with at least one signature. */
export function parseNote(note: string): Note {
  if (note.length > MAX_LENGTH) refuse('E_NOTE_FORMAT', 'note is too long');
  if (CONTROL.test(note) || LONE_SURROGATE.test(note)) refuse('E_NOTE_FORMAT', 'note has a forbidden character');
  const gap = note.lastIndexOf('\n\n');
  if (gap < 0) refuse('E_NOTE_FORMAT', 'note has no signatures');
  return { text: note.slice(0, gap + 1), signatures: parseSignatureLines(note.slice(gap + 2)) };
}

/** The text, an empty line, the signature lines. */
export function formatNote(text: string, signatures: readonly NoteSignature[]): string {
  if (!text.endsWith('\n') || CONTROL.test(text)) refuse('E_NOTE_FORMAT', 'note text must be lines');
  return `${text}\n${signatures.map(formatSignatureLine).join('')}`;
}

/** The note with more signatures; the same key's older signature is replaced. */
export function addSignatures(note: string, added: readonly NoteSignature[]): string {
  const { text, signatures } = parseNote(note);
  const replaced = (old: NoteSignature): boolean =>
    added.some((one) => one.name === old.name && equalBytes(one.keyId, old.keyId));
  return formatNote(text, [...signatures.filter((old) => !replaced(old)), ...added]);
}

/** Signatures of this key by name and key id; those of other keys are none of our business. */
export const signaturesOf = (note: Note, key: NoteVerifier): NoteSignature[] =>
  note.signatures.filter((one) => one.name === key.name && equalBytes(one.keyId, key.keyId));

export const noteTextBytes = (note: Note): Uint8Array => utf8(note.text);
