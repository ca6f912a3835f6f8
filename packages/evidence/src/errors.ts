import { DomainError } from '@qej/kernel';

/** Every refusal of this package; the contract's catalogue lists them. */
export const evidenceErrorCodes = [
  'E_CHECKPOINT_FORMAT',
  'E_CHECKPOINT_ORIGIN',
  'E_CHECKPOINT_SIGNATURE',
  'E_COSIGNATURE_QUORUM',
  'E_COSIGNATURE_SIGNATURE',
  'E_ENTRY_COMMITMENT',
  'E_ENTRY_FORMAT',
  'E_LOG_CONFLICT',
  'E_LOG_CONSISTENCY',
  'E_LOG_GUARD',
  'E_LOG_INCLUSION',
  'E_LOG_ROLLBACK',
  'E_LOG_TILE',
  'E_NOTE_FORMAT',
  'E_RECEIPT_CMS',
  'E_RECEIPT_FORMAT',
  'E_RECEIPT_MESSAGE',
  'E_RECEIPT_TICK_MISSING',
  'E_RECEIPT_TIME',
  'E_RECEIPT_TIMESTAMP',
  'E_TICK_FORMAT',
  'E_TICK_PROOF',
  'E_WITNESS_ANSWER',
  'E_WITNESS_POLICY',
  'E_WITNESS_REQUEST',
] as const;

export type EvidenceErrorCode = (typeof evidenceErrorCodes)[number];

/** Throws the refusal; typed `never` so that a caller narrows. */
export function refuse(code: EvidenceErrorCode, detail: string, cause?: unknown): never {
  throw new DomainError(code, cause === undefined ? { detail } : { detail, cause });
}
