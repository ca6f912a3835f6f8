import { renderTenderDocument } from '@qej/documents';
import { DomainError, newId } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import {
  checkNotice,
  draftTender,
  encodeNotice,
  isBlocking,
  resolveDeadline,
  rulesVersion,
  submitTender,
} from '@qej/tendering';
import type { FileReference, Notice, NoticeFinding } from '@qej/tendering';
import { isFullySigned, putDocument, signaturesOf, storeDocument } from '../documents/create-document.ts';
import { viewDocument } from '../documents/document-handlers.ts';
import type { AuthenticatedContext, Handlers } from '../handlers.ts';
import { findMandate } from '../identity/index.ts';
import type { HolderEntry } from '../identity/index.ts';
import { notify } from '../notifier/notify.ts';
import type { Transaction } from '../ports.ts';
import type { OrganizationRecord, TenderRecord } from '../records.ts';
import { composeNotice } from './compose-notice.ts';
import type { TenderDraft } from './compose-notice.ts';
import type { TenderPorts } from './ports.ts';
import { tenderDocumentContent } from './render-document.ts';
import { draftOf, hashOf } from './tender-bytes.ts';
import { lockTender, saveTender } from './tender-course.ts';
import { viewTender } from './view-tender.ts';

/** Stands where the signed document's hash will be, until there is one. */
const NO_DOCUMENT: FileReference = {
  name: '招标文件.pdf',
  mediaType: 'application/pdf',
  length: 1,
  sha256: '0'.repeat(64),
};

const party = ({ id, name, uscc }: OrganizationRecord) => ({ organizationId: id, name, uscc });
const viewFinding = ({ code, severity, article, path, message }: NoticeFinding) => ({
  code,
  severity,
  article: article === null ? '' : `${article.zh} · ${article.en}`,
  path,
  message,
});

interface Parties {
  readonly tenderee: OrganizationRecord;
  readonly agency: OrganizationRecord;
  readonly holders: readonly HolderEntry[];
}

/** An agency that is the tenderee itself needs no mandate. @throws DomainError `E_MANDATE`, `E_VALIDATION` */
async function findParties(
  ports: TenderPorts,
  tx: Transaction,
  draft: TenderDraft,
  { caller, now }: AuthenticatedContext,
): Promise<Parties> {
  const agency = await tx.organizations.get({ id: caller.organizationId });
  const tenderee = await tx.organizations.get({ id: draft.tendereeOrganizationId });
  const isOwn = agency.id === tenderee.id && agency.roles.includes('tenderee');
  if (
    !isOwn &&
    (await findMandate(tx, { agencyOrganizationId: agency.id, tendereeOrganizationId: tenderee.id, now })) === undefined
  )
    throw new DomainError('E_MANDATE');
  const known = await ports.holders();
  const holders = draft.holders.map((holderId) => {
    const found = known.find((entry) => entry.holderId === holderId);
    if (found === undefined) throw new DomainError('E_VALIDATION', { detail: `holders: no holder ${holderId}` });
    return found;
  });
  return { tenderee, agency, holders };
}

const attachmentsOf = async (tx: Transaction, tenderId: string): Promise<FileReference[]> =>
  (await tx.documents.list({ tenderId, kind: 'attachment' }, { orderBy: { createdAt: 'asc' } })).map(
    ({ name, mediaType, bytes, sha256 }) => ({ name, mediaType, length: bytes, sha256 }),
  );

interface Ids {
  readonly tenderId: string;
  readonly lotId: string;
}
function compose(
  draft: TenderDraft,
  ids: Ids,
  parties: Parties,
  more: { readonly attachments: readonly FileReference[]; readonly document?: FileReference; readonly now: Instant },
): Notice {
  return composeNotice(draft, {
    ...ids,
    tenderee: party(parties.tenderee),
    agency: party(parties.agency),
    holders: parties.holders,
    document: more.document ?? NO_DOCUMENT,
    attachments: more.attachments,
    now: more.now,
  });
}

const findingsOf = (notice: Notice, now: Instant): readonly NoticeFinding[] =>
  checkNotice(notice, rulesVersion(notice.rulesVersion), now);

function refuseDemoRules(ports: TenderPorts, draft: TenderDraft): void {
  if (draft.rulesVersion === 'demo' && !ports.facts.demo)
    throw new DomainError('E_VALIDATION', { detail: 'rulesVersion: the demo rules are not enabled on this platform' });
}

/** Also used for a re-tender, which only differs in what it points to. */
export async function insertDraft(
  ports: TenderPorts,
  draft: TenderDraft,
  context: AuthenticatedContext,
): Promise<{ tenderId: string; findings: ReturnType<typeof viewFinding>[] }> {
  refuseDemoRules(ports, draft);
  const ids = { tenderId: newId(), lotId: newId() };
  return ports.db.transaction('tender:create', async (tx) => {
    if ((await tx.tenders.find({ code: draft.code })) !== undefined) throw new DomainError('E_CODE_TAKEN');
    const parties = await findParties(ports, tx, draft, context);
    const notice = compose(draft, ids, parties, { attachments: [], now: context.now });
    await tx.tenders.insert(newRecord(draft, ids, parties, context));
    return { tenderId: ids.tenderId, findings: findingsOf(notice, context.now).map(viewFinding) };
  });
}

function newRecord(
  draft: TenderDraft,
  ids: Ids,
  parties: Parties,
  { caller, now }: AuthenticatedContext,
): TenderRecord {
  return {
    id: ids.tenderId,
    code: draft.code,
    state: 'draft',
    version: 1,
    agencyOrganizationId: parties.agency.id,
    tendereeOrganizationId: parties.tenderee.id,
    createdBy: caller.userId,
    draft: draft as unknown as Json,
    notice: null,
    noticeHash: null,
    lotId: ids.lotId,
    deadline: deadlineOf(draft),
    publishedAt: null,
    nextCheckAt: null,
    retenderOf: draft.retenderOf ?? null,
    course: {},
    createdAt: now,
    updatedAt: now,
  };
}

const deadlineOf = (draft: TenderDraft): number =>
  Date.parse(resolveDeadline(draft.deadline.wallTime, draft.deadline.zone).at);

async function makeTenderDocument(ports: TenderPorts, tenderId: string, context: AuthenticatedContext) {
  const { caller, now } = context;
  const { record, draft, parties, notice } = await ports.db.read(async (tx) => {
    const found = await tx.tenders.get({ id: tenderId });
    if (found.state !== 'draft') throw new DomainError('E_STATE', { detail: found.state });
    const own = draftOf(found);
    const who = await findParties(ports, tx, own, context);
    return {
      record: found,
      draft: own,
      parties: who,
      notice: compose(own, { tenderId, lotId: found.lotId }, who, {
        attachments: await attachmentsOf(tx, tenderId),
        now,
      }),
    };
  });
  refuseBlocked(notice, now);
  const content = await tenderDocumentContent(draft, notice, {
    tenderee: parties.tenderee,
    agency: parties.agency,
    now,
  });
  const bytes = await renderTenderDocument(content, { demo: draft.rulesVersion === 'demo' });
  const signers = [
    {
      field: 'agency',
      role: 'agency',
      organizationId: record.agencyOrganizationId,
      anchor: 'agency-seal',
      reason: '签发招标文件',
      look: 'seal' as const,
    },
  ];
  const row = await storeDocument(ports.blobs, {
    tenderId,
    kind: 'tender-document',
    name: NO_DOCUMENT.name,
    bytes,
    audience: 'public',
    signers,
    at: now,
  });
  const saved = await ports.db.transaction('tender:document', async (tx) => {
    const locked = await lockTender(tx, tenderId);
    if (locked.state !== 'draft') throw new DomainError('E_STATE', { detail: locked.state });
    for (const old of await tx.documents.list({ tenderId, kind: 'tender-document' }))
      await tx.documents.remove({ id: old.id });
    locked.course = { ...locked.course, composed: notice as unknown as Json };
    locked.updatedAt = now;
    return { ...(await putDocument(tx, row)) };
  });
  return viewDocument(saved, caller);
}

/** @throws DomainError `E_NOTICE_FINDINGS` */
function refuseBlocked(notice: Notice, now: Instant): void {
  const blocking = findingsOf(notice, now).filter(isBlocking);
  if (blocking.length > 0)
    throw new DomainError('E_NOTICE_FINDINGS', {
      detail: blocking.map(({ code, message }) => `${code} ${message.zh}`).join('；'),
    });
}

async function freezeNotice(ports: TenderPorts, tenderId: string, context: AuthenticatedContext) {
  const { now } = context;
  const composed = await ports.db.read(async (tx) => {
    const record = await tx.tenders.get({ id: tenderId });
    const [document] = await tx.documents.list({ tenderId, kind: 'tender-document' });
    const notice = record.course['composed'];
    if (
      document === undefined ||
      notice === undefined ||
      !isFullySigned(document) ||
      signaturesOf(document).length === 0
    )
      throw new DomainError('E_DOCUMENT_UNSIGNED');
    return {
      ...(notice as unknown as Notice),
      document: { name: document.name, mediaType: document.mediaType, length: document.bytes, sha256: document.sha256 },
    };
  });
  const bytes = encodeNotice(composed);
  const noticeHash = await hashOf(bytes);
  await ports.db.transaction('tender:freeze', async (tx) => {
    const record = await lockTender(tx, tenderId);
    if (record.state === 'awaiting-holders' && record.noticeHash === noticeHash) return;
    if (record.state !== 'draft') throw new DomainError('E_STATE', { detail: record.state });
    const { state } = submitTender(draftTender(composed), { noticeHash }, now);
    record.notice = new TextDecoder().decode(bytes);
    record.noticeHash = noticeHash;
    record.deadline = Date.parse(composed.timetable.deadline.at);
    saveTender(record, state, now);
    const holders = await ports.holders();
    const organizationIds = holders
      .filter(({ holderId }) => composed.holders.some((holder) => holder.holderId === holderId))
      .map(({ organizationId }) => organizationId);
    for (const role of ['agency', 'witness', 'operator'] as const) {
      await notify(tx, {
        kind: 'holder-acceptance-asked',
        at: now,
        role,
        to: { organizationIds },
        tenderId,
        params: { tender: composed.title.zh },
        isOpened: false,
        dedupe: `holders-asked:${tenderId}:${role}`,
      });
    }
  });
  ports.live.publish({ tenderId, topic: 'tender' });
  return viewTender(ports, tenderId, context);
}

type Names =
  | 'createTender'
  | 'checkDraft'
  | 'updateTender'
  | 'getDraft'
  | 'addAttachment'
  | 'makeTenderDocument'
  | 'freezeNotice';

/** From the first words to the frozen notice. */
export function makeDraftHandlers(ports: TenderPorts): Handlers<Names> {
  const { db } = ports;
  return {
    createTender: ({ body }, context) => insertDraft(ports, body, context),
    checkDraft: async ({ body }, context) =>
      db.read(async (tx) => {
        refuseDemoRules(ports, body);
        const parties = await findParties(ports, tx, body, context);
        const notice = compose(body, { tenderId: newId(), lotId: newId() }, parties, {
          attachments: [],
          now: context.now,
        });
        return { findings: findingsOf(notice, context.now).map(viewFinding) };
      }),
    updateTender: async ({ params, body }, context) => {
      refuseDemoRules(ports, body);
      return db.transaction('tender:update', async (tx) => {
        const record = await lockTender(tx, params.tenderId);
        if (record.state !== 'draft') throw new DomainError('E_STATE', { detail: record.state });
        const parties = await findParties(ports, tx, body, context);
        const notice = compose(body, { tenderId: record.id, lotId: record.lotId }, parties, {
          attachments: [],
          now: context.now,
        });
        const taken = await tx.tenders.find({ code: body.code });
        if (taken !== undefined && taken.id !== record.id) throw new DomainError('E_CODE_TAKEN');
        record.code = body.code;
        record.draft = body as unknown as Json;
        record.tendereeOrganizationId = parties.tenderee.id;
        record.deadline = deadlineOf(body);
        record.updatedAt = context.now;
        return { tenderId: record.id, findings: findingsOf(notice, context.now).map(viewFinding) };
      });
    },
    getDraft: async ({ params }) => db.read(async (tx) => draftOf(await tx.tenders.get({ id: params.tenderId }))),
    addAttachment: async ({ params, query, bytes }, context) => {
      const row = await storeDocument(ports.blobs, {
        tenderId: params.tenderId,
        kind: 'attachment',
        name: query.name,
        mediaType: 'application/octet-stream',
        bytes,
        audience: 'public',
        at: context.now,
      });
      const saved = await db.transaction('tender:attach', async (tx) => {
        const record = await lockTender(tx, params.tenderId);
        if (record.state !== 'draft') throw new DomainError('E_STATE', { detail: record.state });
        return { ...(await putDocument(tx, row)) };
      });
      return viewDocument(saved, context.caller);
    },
    makeTenderDocument: ({ params }, context) => makeTenderDocument(ports, params.tenderId, context),
    freezeNotice: ({ params }, context) => freezeNotice(ports, params.tenderId, context),
  };
}
