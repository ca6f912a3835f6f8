import {
  anyJson,
  base64,
  closed,
  flag,
  hash,
  id,
  instantText,
  integer,
  list,
  moneyText,
  nullable,
  oneOf,
  text,
} from './closed-json.ts';
import type { ReadBy } from './closed-json.ts';

/** The JSON members of an archive, docs/formats/archive.md section "Members". Each is canonical JSON, closed, version 1. */
const v = oneOf([1]);
const name = text(300);

const publication = closed({ v, cms: base64, at: instantText });

const documents = closed({
  v,
  documents: list(
    closed({
      documentId: id,
      kind: text(60, 1),
      name: text(300, 1),
      mediaType: text(120, 1),
      sha256: hash,
      length: integer(),
      /** Bytes are in `documents/<sha256>`. */
      included: flag,
      signatures: list(closed({ field: text(200, 1), name, at: instantText }), 200),
    }),
  ),
});

const acceptances = closed({
  v,
  acceptances: list(closed({ acceptance: base64, cms: base64, proof: base64, acceptedAt: instantText }), 500),
});

const closingEntry = closed({ messageHash: hash, receivedAt: instantText, opaqueId: id, registerHash: hash });
/** `entries` null: fewer than three owners, nothing else is kept. */
const closing = closed({ v, entries: nullable(list(closingEntry)) });

const receipts = closed({ v, receipts: list(closed({ messageHash: hash, package: base64 })) });

const releases = closed({ v, releases: list(closed({ release: base64, cms: base64, releasedAt: instantText }), 500) });

const seals = closed({
  v,
  seals: list(
    closed({
      messageHash: hash,
      message: base64,
      envelope: base64,
      halves: list(closed({ stage: text(40, 1), half: base64 }), 8),
    }),
  ),
});

const bids = closed({
  v,
  bids: list(
    closed({
      bidId: id,
      messageHash: hash,
      organizationId: id,
      name,
      uscc: text(18),
      state: text(40, 1),
      deposit: nullable(oneOf(['submitted', 'missing'])),
      price: nullable(moneyText),
      fault: nullable(closed({ party: text(40, 1), code: text(80, 1) })),
    }),
  ),
  /** Registers that did not open: nobody knows whose they are. */
  refused: list(closed({ messageHash: hash, party: text(40, 1), code: text(80, 1) })),
});

/** `certificate` names the PDF in `documents/`. */
const guarantees = closed({
  v,
  guarantees: list(closed({ messageHash: hash, undertaking: base64, certificate: hash })),
});

const skipped = closed({ index: integer(), reason: text(60, 1) });
const committeeDraw = closed({
  permutation: list(integer()),
  selected: list(integer()),
  reserves: list(integer()),
  skipped: list(skipped),
});
const draws = closed({
  v,
  /** Of every register that opened, in closing order. */
  entropies: list(hash),
  coefficient: nullable(closed({ parameter: text(80, 1), value: text(40, 1) })),
  committee: nullable(
    closed({
      seed: hash,
      poolRoot: hash,
      leaves: list(hash, 100_000),
      /** Facts and salts: full profile only. */
      pool: nullable(list(anyJson, 100_000)),
      filters: nullable(anyJson),
      quotas: nullable(anyJson),
      size: integer(1, 99),
      reserves: integer(0, 999),
      draw: committeeDraw,
    }),
  ),
});

const signedContent = closed({ seat: integer(0, 999), content: base64, cms: base64, at: instantText });
/** Inputs and result stand beside it as the bytes whose hashes the log has. */
const evaluation = closed({
  v,
  /** Reasons for abnormal scores that were given after the lock. */
  reasons: anyJson,
  declarations: list(signedContent, 200),
  submissions: list(signedContent, 200),
});

const ranked = closed({
  bidId: id,
  name,
  organizationId: id,
  rank: integer(1),
  price: moneyText,
});
const result = closed({
  v,
  candidates: list(ranked, 3),
  award: nullable(closed({ bidId: id, organizationId: id, name, price: moneyText })),
  contract: nullable(closed({ signedAt: instantText, contractSha256: nullable(hash), amount: moneyText })),
});

const trust = closed({
  v,
  /** Named, never trusted: roots are the verifier's own. */
  roots: list(closed({ subject: name, sha256: hash }), 50),
  intermediates: list(base64, 100),
  crls: list(base64, 500),
  tsaCertificates: list(base64, 50),
});

const logEntry = closed({
  seq: integer(),
  type: text(60, 1),
  commitment: hash,
  salt: nullable(hash),
  /** Canonical bytes of the body; null where it was deleted by law or is not public. */
  body: nullable(base64),
  proof: list(hash, 63),
});
const log = closed({
  v,
  origin: text(200, 1),
  vkey: text(400, 1),
  checkpoints: list(
    closed({ at: oneOf(['publication', 'closing', 'last']), note: text(65_536, 1), consistency: list(hash, 63) }),
    3,
  ),
  entries: list(logEntry, 100_000),
});

/** Which members there may be, and who reads them. */
export const memberReaders = {
  'acceptances.json': acceptances,
  'bids.json': bids,
  'closing.json': closing,
  'documents.json': documents,
  'draws.json': draws,
  'evaluation.json': evaluation,
  'guarantees.json': guarantees,
  'log.json': log,
  'publication.json': publication,
  'receipts.json': receipts,
  'releases.json': releases,
  'result.json': result,
  'seals.json': seals,
  'trust.json': trust,
} as const;
export type MemberName = keyof typeof memberReaders;
export type Member<N extends MemberName> = ReadBy<(typeof memberReaders)[N]>;
export type LogEntry = ReadBy<typeof logEntry>;

/** Raw members beside `notice.json`: a PDF or an object of a sealed stage under its own name. */
const RAW = /^(?:documents\/[0-9a-f]{64}|objects\/[0-9a-f]{32,64}|evaluation\/(?:inputs|result)\.json)$/;
/** Bid content and marks never stand in a public archive. */
const FULL_ONLY = /^(?:objects\/|evaluation\/|(?:evaluation|guarantees|seals)\.json$)/;
export const isFullOnly = (path: string): boolean => FULL_ONLY.test(path);
export const isKnownMember = (path: string): boolean =>
  path === 'notice.json' || Object.hasOwn(memberReaders, path) || RAW.test(path);
