import type { Json } from '@qej/kernel';
import { DomainError } from '@qej/kernel';
import type { TenderIn } from '@qej/tendering';
import type { TenderRecord } from '../records.ts';
import { setCourse, tenderOf } from '../tender/tender-course.ts';

/** `course.result`: what the tenderee chose; everything else is in the tender's own facts. */
export interface ResultCourse {
  readonly v: 1;
  readonly bidId: string;
  readonly reason: string | null;
  readonly awardDocumentId: string;
}

export const findResult = (record: TenderRecord): ResultCourse | undefined =>
  record.course['result'] as unknown as ResultCourse | undefined; // written by saveResult alone

export const saveResult = (record: TenderRecord, course: ResultCourse): void =>
  setCourse(record, 'result', course as unknown as Json); // plain JSON by its type

type PublishedState = 'candidates-published' | 'awarded' | 'contracted';

/** The tender once its candidates are published. @throws DomainError `E_STATE` before */
export function publishedTender(record: TenderRecord): TenderIn<PublishedState> {
  const tender = tenderOf(record);
  if (tender.state !== 'candidates-published' && tender.state !== 'awarded' && tender.state !== 'contracted')
    throw new DomainError('E_STATE', { detail: `the candidates are not published, the tender is ${tender.state}` });
  return tender;
}
