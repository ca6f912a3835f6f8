import { DomainError, formatInstant, instant } from '@qej/kernel';
import type { Output, PlatformApi } from '@qej/contract';
import { viewDocument, mayRead } from '../documents/document-handlers.ts';
import type { RequestContext } from '../handlers.ts';
import type { Transaction } from '../ports.ts';
import type { TenderRecord } from '../records.ts';
import { editionHashOf } from './edition.ts';
import type { TenderPorts } from './ports.ts';
import { nextStepOf } from './next-step.ts';
import { noticeOf } from './tender-course.ts';
import { timelineOf } from './timeline.ts';

export type TenderView = Output<PlatformApi['getTender']>;
type Summary = Output<PlatformApi['listTenders']>['items'][number];

const at = (ms: number): string => formatInstant(instant(ms));
const HIDDEN = ['draft', 'awaiting-holders'];
export const isPublic = (record: TenderRecord): boolean =>
  !HIDDEN.includes(record.state) && record.publishedAt !== null;

/** May this caller know of the tender? Published ones are for all; drafts for their own staff. */
export function maySee(record: TenderRecord, { caller }: RequestContext): boolean {
  if (isPublic(record)) return true;
  if (caller === undefined) return false;
  if (caller.role === 'supervisor') return record.state !== 'draft';
  return (
    (caller.role === 'agency' && caller.organizationId === record.agencyOrganizationId) ||
    (caller.role === 'tenderee' && caller.organizationId === record.tendereeOrganizationId)
  );
}

const draftFields = (record: TenderRecord) =>
  record.draft as unknown as { title: { zh: string; en: string }; rulesVersion: string; lot: { estimate: string } };

export async function summarize(tx: Transaction, record: TenderRecord): Promise<Summary> {
  const draft = draftFields(record);
  const [tenderee, agency] = [
    await tx.organizations.get({ id: record.tendereeOrganizationId }),
    await tx.organizations.get({ id: record.agencyOrganizationId }),
  ];
  const retender = await tx.tenders.find({ retenderOf: record.id });
  return {
    tenderId: record.id,
    code: record.code,
    title: draft.title,
    state: record.state as Summary['state'],
    demo: draft.rulesVersion === 'demo',
    tenderee: tenderee.name,
    agency: agency.name,
    deadline: at(record.deadline),
    ...(record.publishedAt === null ? {} : { publishedAt: at(record.publishedAt) }),
    estimate: draft.lot.estimate,
    ...(record.retenderOf === null ? {} : { retenderOf: record.retenderOf }),
    ...(retender === undefined || !isPublic(retender) ? {} : { retenderedBy: retender.id }),
  };
}

const terminationReason = (record: TenderRecord): string | undefined => {
  const facts = record.course['tender'];
  const reason = typeof facts === 'object' && facts !== null && 'reason' in facts ? facts['reason'] : undefined;
  return record.state === 'terminated' && typeof reason === 'string' ? reason : undefined;
};

async function visibleDocuments(tx: Transaction, tenderId: string, { caller }: RequestContext) {
  const rows = await tx.documents.list({ tenderId }, { orderBy: { createdAt: 'asc' } });
  const readable: ReturnType<typeof viewDocument>[] = [];
  for (const row of rows) if (await mayRead(tx, row, caller)) readable.push(viewDocument(row, caller));
  return readable;
}

/** The tender as this caller may see it. @throws DomainError `E_NOT_FOUND` */
export async function viewTender(ports: TenderPorts, tenderId: string, context: RequestContext): Promise<TenderView> {
  return ports.db.read(async (tx) => {
    const record = await tx.tenders.get({ id: tenderId });
    if (!maySee(record, context)) throw new DomainError('E_NOT_FOUND');
    return viewRecord(tx, record, context);
  });
}

export async function viewRecord(tx: Transaction, record: TenderRecord, context: RequestContext): Promise<TenderView> {
  const notice = record.notice === null ? undefined : noticeOf(record);
  const reason = terminationReason(record);
  const next = nextStepOf(record, context.caller, context.now);
  const { nodes, deadline } = await timelineOf(tx, record, notice);
  return {
    ...(await summarize(tx, record)),
    lotId: record.lotId,
    ...(notice === undefined || record.noticeHash === null
      ? {}
      : { noticeHash: record.noticeHash, editionHash: await editionHashOf(notice, record.noticeHash), notice }),
    documents: await visibleDocuments(tx, record.id, context),
    timeline: nodes,
    now: formatInstant(context.now),
    ...(deadline === undefined ? {} : { nextDeadline: deadline }),
    ...(next === undefined ? {} : { nextStep: next }),
    ...(reason === undefined ? {} : { terminationReason: reason }),
  };
}
