import { decodeNotice, draftTender } from '@qej/tendering';
import type { Notice, Tender } from '@qej/tendering';
import { DomainError, utf8 } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import type { Transaction } from '../ports.ts';
import type { TenderRecord } from '../records.ts';

/** The frozen notice of a row. @throws DomainError `E_STATE` while it is a draft. */
export function noticeOf(record: TenderRecord): Notice {
  if (record.notice === null) throw new DomainError('E_STATE', { detail: 'the notice is not frozen yet' });
  return decodeNotice(utf8(record.notice));
}

/** The aggregate behind a row: its facts are kept in `course.tender`, the notice beside them. */
export function tenderOf(record: TenderRecord): Tender {
  const notice = noticeOf(record);
  const facts = record.course['tender'];
  if (facts === undefined) return draftTender(notice);
  // Written by saveTender alone, so the facts fit the state.
  return { ...(facts as object), notice } as Tender;
}

/** Writes state and facts back; `record` is locked by the caller. */
export function saveTender(record: TenderRecord, tender: Tender, now: Instant): void {
  const { notice: _notice, ...facts } = tender;
  record.state = tender.state;
  record.course = { ...record.course, tender: JSON.parse(JSON.stringify(facts)) as Json };
  record.updatedAt = now;
}

/** A module's own member of the course. */
export function setCourse(record: TenderRecord, member: string, value: Json): void {
  record.course = { ...record.course, [member]: value };
}

/** Locks the row for a command. @throws DomainError `E_NOT_FOUND` */
export const lockTender = (tx: Transaction, tenderId: string): Promise<TenderRecord> =>
  tx.tenders.lock({ id: tenderId });
