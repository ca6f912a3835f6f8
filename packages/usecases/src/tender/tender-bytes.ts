import { DomainError, toHex, utf8 } from '@qej/kernel';
import type { TenderRecord } from '../records.ts';
import type { TenderDraft } from './compose-notice.ts';

/** SHA-256 of canonical bytes, hex. */
export const hashOf = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  toHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes)));

export const draftOf = (record: TenderRecord): TenderDraft => record.draft as unknown as TenderDraft; // parsed by the contract when it came in

/** Bytes of a frozen notice as they were hashed. */
export const noticeBytes = (record: TenderRecord): Uint8Array<ArrayBuffer> => {
  if (record.notice === null) throw new DomainError('E_NOT_FOUND');
  return utf8(record.notice);
};
