import { DomainError } from '@qej/kernel';

/** Refusals of the verifier itself; those of pki, evidence, sealed-bid, evaluation … pass through under their own codes. */
export const verifierErrorCodes = [
  'E_ARCHIVE_MAGIC',
  'E_ARCHIVE_VERSION',
  'E_ARCHIVE_LIMIT',
  'E_ARCHIVE_INDEX',
  'E_ARCHIVE_LENGTH',
  'E_ARCHIVE_MEMBER',
  'E_ARCHIVE_MEMBER_FORMAT',
  'E_ARCHIVE_MEMBER_MISSING',
  'E_ARCHIVE_MEMBER_UNKNOWN',
  'E_ARCHIVE_SEAL',
  'E_ARCHIVE_TIMESTAMP',
  'E_ARCHIVE_CHECKSUM',
  'E_ARCHIVE_NOTICE',
  'E_ARCHIVE_PDF',
  'E_ARCHIVE_LOG',
  'E_ARCHIVE_LOG_KEY',
  'E_ARCHIVE_CLOSING',
  'E_ARCHIVE_RECEIPT',
  'E_ARCHIVE_RELEASE',
  'E_ARCHIVE_REGISTER',
  'E_ARCHIVE_DEPOSIT',
  'E_ARCHIVE_GUARANTEE',
  'E_ARCHIVE_PRICE',
  'E_ARCHIVE_DRAW',
  'E_ARCHIVE_SHEET',
  'E_ARCHIVE_SCORES',
  'E_ARCHIVE_AWARD',
  'E_ARCHIVE_BIDS',
  'E_ARCHIVE_NEEDS',
  'E_ARCHIVE_UNREADABLE',
  'E_VERIFY_INPUT',
  'E_VERIFY_POLICY',
] as const;
export type VerifierErrorCode = (typeof verifierErrorCodes)[number];

/** Throws the refusal; typed `never` so that a caller narrows. */
export function refuse(code: VerifierErrorCode, detail: string, cause?: unknown): never {
  throw new DomainError(code, cause === undefined ? { detail } : { detail, cause });
}

/** A refusal with its code, of this package or another. */
export const isRefusal = (error: unknown): error is DomainError => error instanceof DomainError;
