import { sha256 } from '@noble/hashes/sha2.js';
import {
  canonicalBytes,
  concatBytes,
  equalBytes,
  lengthValue,
  parseCanonical,
  parseInstant,
  utf8,
  type Json,
} from '@qej/kernel';
import { refuse } from './errors.ts';
import { parsed } from './members.ts';

/** An entry's public statement. Other members belong to its type; values that name people stay salted hashes. */
export interface EntryBody {
  readonly v: 1;
  /** Lower-case kebab word, e.g. `notice`, `closing`, `tick`. */
  readonly type: string;
  /** RFC 3339, UTC milliseconds. */
  readonly at: string;
  readonly [member: string]: Json;
}

export interface CommittedEntry {
  /** Canonical JSON; kept as written. */
  readonly body: Uint8Array;
  /** 32 random bytes. Without them the commitment says nothing about a guessable body. */
  readonly salt: Uint8Array;
  /** The log's leaf data. */
  readonly commitment: Uint8Array;
}

const SALT_LENGTH = 32;
const TYPE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const LABEL = concatBytes(utf8('qej-entry/1'), Uint8Array.of(0));

const commitmentOf = (body: Uint8Array, salt: Uint8Array): Uint8Array =>
  sha256(concatBytes(LABEL, lengthValue(salt), lengthValue(body)));

function checkBody(value: Json): EntryBody {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('E_ENTRY_FORMAT', 'body is not an object');
  const body = value as EntryBody; // members are checked below
  if (body.v !== 1) refuse('E_ENTRY_FORMAT', 'unknown entry version');
  if (typeof body.type !== 'string' || !TYPE.test(body.type)) refuse('E_ENTRY_FORMAT', 'type is not a kebab word');
  parsed(() => parseInstant(body.at), 'E_ENTRY_FORMAT', 'at is not an instant');
  return body;
}

/**
 * commitment = SHA-256("qej-entry/1" ‖ 0x00 ‖ LV(salt) ‖ LV(body bytes)).
 * @param salt 32 random bytes, one per entry; kept beside the body and deleted with it.
 * @throws DomainError `E_ENTRY_FORMAT`, `E_FORMAT` (not representable as canonical JSON)
 */
export function commitEntry(body: EntryBody, salt: Uint8Array): CommittedEntry {
  if (salt.length !== SALT_LENGTH) refuse('E_ENTRY_FORMAT', 'salt is not 32 bytes');
  const bytes = canonicalBytes(checkBody(body));
  return { body: bytes, salt, commitment: commitmentOf(bytes, salt) };
}

/**
 * Reads a body and checks it against its commitment (which an inclusion proof ties to the log).
 * @throws DomainError `E_ENTRY_COMMITMENT`, `E_ENTRY_FORMAT`
 */
export function verifyEntry({ body, salt, commitment }: CommittedEntry): EntryBody {
  if (salt.length !== SALT_LENGTH) refuse('E_ENTRY_FORMAT', 'salt is not 32 bytes');
  if (!equalBytes(commitmentOf(body, salt), commitment))
    refuse('E_ENTRY_COMMITMENT', 'body and salt do not give the commitment');
  return checkBody(parsed(() => parseCanonical(body), 'E_ENTRY_FORMAT', 'body is not canonical JSON'));
}
