import { renderTerminationNotice } from '@qej/documents';
import { DomainError, fromBase64, newId } from '@qej/kernel';
import { nextCheckAt, publishTender, startOpening, terminateTender, checkRetender } from '@qej/tendering';
import type { ReleaseStage, TenderIn } from '@qej/tendering';
import { isFullySigned, putDocument, storeDocument } from '../documents/create-document.ts';
import type { AuthenticatedContext, Handlers } from '../handlers.ts';
import { appendEntry } from '../log/index.ts';
import { notify } from '../notifier/notify.ts';
import type { Transaction } from '../ports.ts';
import type { TenderRecord } from '../records.ts';
import { insertDraft } from './draft-handlers.ts';
import { draftOf, hashOf, noticeBytes } from './tender-bytes.ts';
import { editionHashOf } from './edition.ts';
import type { TenderPorts } from './ports.ts';
import { lockTender, noticeOf, saveTender, setCourse, tenderOf } from './tender-course.ts';
import { viewTender } from './view-tender.ts';

/** Refuses what cannot be published; nothing is written yet. */
async function decidePublication(
  tx: Transaction,
  record: TenderRecord,
  now: AuthenticatedContext['now'],
): Promise<TenderIn<'published'>> {
  const tender = tenderOf(record);
  const acceptances = (await tx.acceptances.list({ tenderId: record.id })).map(({ holderId, lotId, stage }) => ({
    holderId,
    lotId,
    stage: stage as ReleaseStage,
  }));
  try {
    return publishTender(tender, { noticeHash: record.noticeHash ?? '', acceptances }, now).state;
  } catch (cause) {
    if (cause instanceof DomainError && cause.code === 'E_ACCEPTANCES_MISSING')
      throw new DomainError('E_HOLDERS_MISSING', { params: cause.params, cause });
    if (cause instanceof DomainError && cause.code === 'E_NOTICE')
      throw new DomainError('E_NOTICE_FINDINGS', { detail: cause.message, cause });
    throw cause;
  }
}

/**
 * Two steps, so that a notice counts only once somebody else has seen it: the entry is written and cosigned first, then
 * the state changes. A crash in between is mended by publishing again.
 */
async function publish(ports: TenderPorts, tenderId: string, cms: string, context: AuthenticatedContext) {
  const { caller, now } = context;
  const record = await ports.db.read((tx) => tx.tenders.get({ id: tenderId }));
  if (record.state === 'published') return viewTender(ports, tenderId, context);
  if (record.state !== 'awaiting-holders') throw new DomainError('E_STATE', { detail: record.state });
  const bytes = noticeBytes(record);
  const who = await ports.trust.verify({ purpose: 'qej-notice/1', content: bytes, cms: fromBase64(cms), at: now });
  const cmsHash = await hashOf(fromBase64(cms));
  const entry = await ports.db.transaction('tender:notice-entry', async (tx) => {
    const locked = await lockTender(tx, tenderId);
    if ((await tx.certificates.find({ fingerprint: who.fingerprint, userId: caller.userId })) === undefined)
      throw new DomainError('E_CERT_UNBOUND');
    const [document] = await tx.documents.list({ tenderId, kind: 'tender-document' });
    if (document === undefined || !isFullySigned(document)) throw new DomainError('E_DOCUMENT_UNSIGNED');
    await decidePublication(tx, locked, now);
    await ports.appendPool(tx, locked, now);
    const notice = noticeOf(locked);
    const noticeHash = locked.noticeHash ?? '';
    const members = {
      noticeHash,
      editionHash: await editionHashOf(notice, noticeHash),
      documentSha256: notice.document.sha256,
      deadline: notice.timetable.deadline.at,
      rulesVersion: notice.rulesVersion,
      cmsSha256: cmsHash,
    };
    return { ...(await appendEntry(tx, { type: 'notice', at: now, tenderId, members, dedupe: `notice:${tenderId}` })) };
  });
  await ports.log.settle(entry.ordinal ?? -1);
  await ports.db.transaction('tender:publish', async (tx) => {
    const locked = await lockTender(tx, tenderId);
    if (locked.state === 'published') return;
    const published = await decidePublication(tx, locked, now);
    saveTender(locked, published, now);
    setCourse(locked, 'publicationCms', cms);
    locked.publishedAt = now;
    locked.deadline = published.closesAt;
    const notice = noticeOf(locked);
    const opening = startOpening({
      tenderId,
      lotId: locked.lotId,
      openingMode: notice.openingMode,
      priceOpening: 'at-opening',
      hasCoefficient: notice.coefficient !== null,
    });
    locked.nextCheckAt = nextCheckAt(published, [opening]) ?? published.closesAt + 1;
    for (const role of ['tenderee', 'agency', 'supervisor'] as const) {
      const organizationIds =
        role === 'tenderee'
          ? [locked.tendereeOrganizationId]
          : role === 'agency'
            ? [locked.agencyOrganizationId]
            : await supervisors(tx);
      await notify(tx, {
        kind: 'tender-published',
        at: now,
        role,
        to: { organizationIds },
        tenderId,
        params: { tender: notice.title.zh, deadline: notice.timetable.deadline.at },
        isOpened: false,
        dedupe: `published:${tenderId}:${role}`,
      });
    }
  });
  ports.live.publish({ tenderId, topic: 'tender' });
  return viewTender(ports, tenderId, context);
}

const supervisors = async (tx: Transaction): Promise<string[]> =>
  (await tx.organizations.list({}, { limit: 5_000 }))
    .filter(({ roles }) => roles.includes('supervisor'))
    .map(({ id }) => id);

async function terminate(ports: TenderPorts, tenderId: string, reason: string, context: AuthenticatedContext) {
  const { now } = context;
  const before = await ports.db.read((tx) => tx.tenders.get({ id: tenderId }));
  const draft = draftOf(before);
  const parties = await ports.db.read(async (tx) => ({
    tenderee: await tx.organizations.get({ id: before.tendereeOrganizationId }),
    agency: await tx.organizations.get({ id: before.agencyOrganizationId }),
  }));
  const bytes = await renderTerminationNotice(
    {
      frame: {
        code: `${before.code}-ZZ-01`,
        platform: '青e见数字评标与电子保函平台',
        issuedAt: now,
        dataHash: before.noticeHash ?? '0'.repeat(64),
      },
      tender: { code: before.code, name: draft.title.zh, lotCode: '01', lotName: draft.lot.name.zh },
      kind: 'terminated',
      tenderee: parties.tenderee.name,
      agency: parties.agency.name,
      decidedAt: now,
      reasons: [reason],
      basis: '《中华人民共和国招标投标法实施条例》第三十一条',
      consequences: ['已递交的投标文件不再开启或者继续评审，投标保证金和保函依规则退还或者解除。'],
    },
    { demo: draft.rulesVersion === 'demo' },
  );
  const row = await storeDocument(ports.blobs, {
    tenderId,
    kind: 'termination-notice',
    name: '终止公告.pdf',
    bytes: await ports.trust.sealPdf(bytes, { fieldName: 'platform', reason: '终止公告', at: now }),
    audience: 'public',
    at: now,
  });
  await ports.db.transaction('tender:terminate', async (tx) => {
    const locked = await lockTender(tx, tenderId);
    if (locked.state === 'terminated') return;
    const tender = locked.notice === null ? undefined : tenderOf(locked);
    if (tender === undefined) throw new DomainError('E_STATE', { detail: 'a draft is deleted, not terminated' });
    const { state } = terminateTender(tender, { ground: 'other', reason }, now);
    saveTender(locked, state, now);
    locked.nextCheckAt = null;
    await putDocument(tx, row);
    await appendEntry(tx, {
      type: 'termination',
      at: now,
      tenderId,
      members: { reason, documentSha256: row.sha256 },
      dedupe: `termination:${tenderId}`,
    });
  });
  ports.live.publish({ tenderId, topic: 'tender' });
  return viewTender(ports, tenderId, context);
}

type Names = 'publishTender' | 'terminateTender' | 'retender' | 'subscribe';

/** Publication and the unhappy ends. */
export function makePublishHandlers(ports: TenderPorts): Handlers<Names> {
  return {
    publishTender: ({ params, body }, context) => publish(ports, params.tenderId, body.cms, context),
    terminateTender: ({ params, body }, context) => terminate(ports, params.tenderId, body.reason, context),
    retender: async ({ params, body }, context) => {
      const record = await ports.db.read((tx) => tx.tenders.get({ id: params.tenderId }));
      if (record.notice === null) throw new DomainError('E_STATE', { detail: record.state });
      checkRetender(tenderOf(record), newId());
      return insertDraft(ports, { ...body, retenderOf: record.id }, context);
    },
    subscribe: async ({ params }, { caller, now }) => {
      await ports.db.transaction('tender:subscribe', async (tx) => {
        const record = await tx.tenders.get({ id: params.tenderId });
        if (record.publishedAt === null) throw new DomainError('E_NOT_FOUND');
        const known = await tx.subscriptions.find({ tenderId: record.id, userId: caller.userId });
        if (known === undefined)
          await tx.subscriptions.insert({ id: newId(), tenderId: record.id, userId: caller.userId, createdAt: now });
      });
      return { ok: true };
    },
  };
}
