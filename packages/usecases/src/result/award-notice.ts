import { renderAwardNotice } from '@qej/documents';
import { canonicalBytes, DomainError, instant, parseMoney } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { endOfDays, rulesVersion } from '@qej/tendering';
import type { Candidate } from '@qej/tendering';
import { putDocument, signaturesOf, storeDocument } from '../documents/create-document.ts';
import { viewDocument } from '../documents/document-handlers.ts';
import { sha256Hex } from '../evaluation/draw-committee.ts';
import { PLATFORM, tenderReference } from '../evaluation/report-content.ts';
import type { AuthenticatedContext } from '../handlers.ts';
import type { Transaction } from '../ports.ts';
import type { TenderRecord } from '../records.ts';
import { lockTender, noticeOf } from '../tender/tender-course.ts';
import type { ResultPorts } from './ports.ts';
import { findResult, publishedTender, saveResult } from './result-course.ts';

const REASON_MIN = 10;

export interface Choice {
  readonly tenderId: string;
  readonly bidId: string;
  readonly reason?: string | undefined;
}

const reasonOf = ({ reason }: Choice): string | null => {
  const text = (reason ?? '').normalize('NFC').trim();
  return text === '' ? null : text;
};

/**
 * The candidate that the tenderee chooses, after the publicity. Another than the first needs a reason (L2 art. 55).
 * @throws DomainError `E_STATE`, `E_PUBLICITY_RUNNING`, `E_OBJECTION_OPEN`, `E_NOT_CANDIDATE`, `E_REASON_MISSING`
 */
function chosen(record: TenderRecord, choice: Choice, now: Instant): Candidate {
  const tender = publishedTender(record);
  if (tender.state !== 'candidates-published') throw new DomainError('E_STATE', { detail: 'the award is made' });
  if (now < tender.publicityEndsAt) throw new DomainError('E_PUBLICITY_RUNNING');
  if (tender.openObjectionIds.length > 0) throw new DomainError('E_OBJECTION_OPEN');
  const candidate = tender.lots.flatMap(({ candidates }) => candidates).find(({ bidId }) => bidId === choice.bidId);
  if (candidate === undefined) throw new DomainError('E_NOT_CANDIDATE');
  if (candidate.rank !== 1 && (reasonOf(choice) ?? '').length < REASON_MIN)
    throw new DomainError('E_REASON_MISSING', { params: { minimum: REASON_MIN } });
  return candidate;
}

async function render(record: TenderRecord, candidate: Candidate, now: Instant): Promise<Uint8Array> {
  const notice = noticeOf(record);
  const { deadline, contractDays } = notice.timetable;
  const award = { tenderId: record.id, bidId: candidate.bidId, price: candidate.price };
  return renderAwardNotice(
    {
      frame: {
        code: `${notice.code}-ZBTZ-01`,
        platform: PLATFORM,
        issuedAt: now,
        dataHash: await sha256Hex(canonicalBytes(award)),
        zone: deadline.zone,
      },
      tender: tenderReference(notice, record.lotId),
      tenderee: notice.tenderee.name,
      winner: candidate.name,
      price: parseMoney(candidate.price),
      terms: [],
      contractBy: instant(endOfDays(rulesVersion(notice.rulesVersion), deadline.zone, now, contractDays)),
      duties: ['按照招标文件和投标文件与招标人订立书面合同。', '招标文件要求提交履约保证金的，在订立合同前提交。'],
    },
    { demo: notice.rulesVersion === 'demo' },
  );
}

/** Once the tenderee has sealed it, the choice stands. @throws DomainError `E_STATE` */
async function requireUnsigned(tx: Transaction, record: TenderRecord): Promise<void> {
  const earlier = findResult(record);
  const document = earlier === undefined ? undefined : await tx.documents.find({ id: earlier.awardDocumentId });
  if (document !== undefined && signaturesOf(document).length > 0)
    throw new DomainError('E_STATE', { detail: 'the award notice is signed' });
}

/** The award notice as a PDF for the tenderee's seal; staff alone read it until it is issued. */
export async function makeAwardNotice(ports: ResultPorts, choice: Choice, { caller, now }: AuthenticatedContext) {
  const before = await ports.db.read((tx) => tx.tenders.get({ id: choice.tenderId }));
  const bytes = await render(before, chosen(before, choice, now), now);
  const row = await storeDocument(ports.blobs, {
    tenderId: choice.tenderId,
    kind: 'award-notice',
    name: '中标通知书',
    bytes,
    audience: 'staff',
    signers: [
      {
        field: 'tenderee',
        role: 'tenderee',
        organizationId: before.tendereeOrganizationId,
        anchor: 'tenderee-seal',
        reason: '发出中标通知书 Issue the award notice',
        look: 'seal',
      },
    ],
    at: now,
  });
  const view = await ports.db.transaction('result:make-award-notice', async (tx) => {
    const record = await lockTender(tx, choice.tenderId);
    chosen(record, choice, now);
    await requireUnsigned(tx, record);
    const saved = await putDocument(tx, row);
    saveResult(record, { v: 1, bidId: choice.bidId, reason: reasonOf(choice), awardDocumentId: saved.id });
    return viewDocument(saved, caller);
  });
  ports.live.publish({ tenderId: choice.tenderId, topic: 'tender' });
  return view;
}
