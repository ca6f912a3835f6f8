import { DomainError, fromBase64, newId } from '@qej/kernel';
import { checkRelease, openAcceptance, parseRelease } from '@qej/sealed-bid';
import type { Acceptance } from '@qej/sealed-bid';
import { procedureOf, requiredAcceptances } from '@qej/tendering';
import type { ReleaseStage } from '@qej/tendering';
import type { Handlers, RequestContext } from '../handlers.ts';
import type { HolderEntry } from '../identity/index.ts';
import { enqueueJob } from '../jobs/enqueue-job.ts';
import { appendEntry } from '../log/index.ts';
import type { Transaction } from '../ports.ts';
import type { AcceptanceRecord, TenderRecord } from '../records.ts';
import { hashOf } from './tender-bytes.ts';
import { editionHashOf } from './edition.ts';
import type { TenderPorts } from './ports.ts';
import { lockTender, noticeOf, tenderOf } from './tender-course.ts';

async function getHolder(ports: TenderPorts, holderId: string): Promise<HolderEntry> {
  const found = (await ports.holders()).find((entry) => entry.holderId === holderId);
  if (found === undefined) throw new DomainError('E_NOT_FOUND', { detail: 'unknown holder' });
  return found;
}

/** The CMS is by a certificate of the holder's organisation. @throws DomainError `E_SIGNATURE` */
async function verifyHolder(
  ports: TenderPorts,
  holderId: string,
  signed: { readonly purpose: string; readonly content: Uint8Array; readonly cms: string },
  now: number,
): Promise<void> {
  const holder = await getHolder(ports, holderId);
  const who = await ports.trust.verify({
    purpose: signed.purpose,
    content: signed.content,
    cms: fromBase64(signed.cms),
    at: now,
  });
  const organization = await ports.db.read((tx) => tx.organizations.get({ id: holder.organizationId }));
  if (who.uscc !== organization.uscc)
    throw new DomainError('E_SIGNATURE', { detail: 'signed by another organisation than the holder' });
}

/** What a holder promised must be this tender's own notice, holders and sets. @throws DomainError `E_ACCEPTANCE` */
function checkAcceptance(record: TenderRecord, acceptance: Acceptance): void {
  const notice = noticeOf(record);
  const isOwn =
    acceptance.noticeHash === record.noticeHash &&
    acceptance.lotId === record.lotId &&
    acceptance.holders.join() === notice.holders.map(({ holderId }) => holderId).join() &&
    JSON.stringify(acceptance.sets) === JSON.stringify(notice.sets) &&
    procedureOf(notice).releases.some(({ stage }) => stage === acceptance.stage);
  if (!isOwn)
    throw new DomainError('E_ACCEPTANCE', { detail: 'another notice, lot, stage, holder list or access structure' });
}

interface AcceptItem {
  readonly acceptance: string;
  readonly cms: string;
  readonly proof: string;
}

async function accept(
  ports: TenderPorts,
  tenderId: string,
  holderId: string,
  item: AcceptItem,
  { now }: RequestContext,
): Promise<void> {
  const bytes = fromBase64(item.acceptance);
  const acceptance = await openAcceptance(ports.provider, { bytes, proof: fromBase64(item.proof) });
  if (acceptance.holderId !== holderId) throw new DomainError('E_ACCEPTANCE', { detail: 'another holder' });
  await verifyHolder(ports, holderId, { purpose: 'qej-acceptance/1', content: bytes, cms: item.cms }, now);
  const acceptHash = await hashOf(bytes);
  await ports.db.transaction('tender:accept', async (tx) => {
    const record = await lockTender(tx, tenderId);
    if (record.state !== 'awaiting-holders') throw new DomainError('E_STATE', { detail: record.state });
    checkAcceptance(record, acceptance);
    const known = await tx.acceptances.find({ tenderId, holderId, stage: acceptance.stage });
    if (known !== undefined) {
      if (known.publicKey === acceptance.X) return;
      throw new DomainError('E_ACCEPTANCE', { detail: 'this holder has accepted with another key' });
    }
    await tx.acceptances.insert({
      id: newId(),
      tenderId,
      lotId: acceptance.lotId,
      stage: acceptance.stage,
      holderId,
      publicKey: acceptance.X,
      acceptance: item.acceptance,
      cms: item.cms,
      proof: item.proof,
      acceptedAt: now,
    });
    await appendEntry(tx, {
      type: 'acceptance',
      at: now,
      tenderId,
      members: { lotId: acceptance.lotId, stage: acceptance.stage, holderId, X: acceptance.X, acceptHash },
      dedupe: `acceptance:${tenderId}:${holderId}:${acceptance.stage}`,
    });
  });
}

const signedOf = (row: AcceptanceRecord) => ({ bytes: fromBase64(row.acceptance), proof: fromBase64(row.proof) });

/** The log entry that a release names: commitment of the lot's `closing`, hex. */
async function closingHash(tx: Transaction, tenderId: string): Promise<string> {
  const closing = await tx.logEntries.find({ tenderId, type: 'closing' });
  if (closing === undefined) throw new DomainError('E_STATE', { detail: 'there is no closing entry yet' });
  return closing.commitment;
}

async function release(
  ports: TenderPorts,
  tenderId: string,
  holderId: string,
  item: { readonly release: string; readonly cms: string },
  { now }: RequestContext,
): Promise<void> {
  const bytes = fromBase64(item.release);
  const parsed = parseRelease(bytes);
  await verifyHolder(ports, holderId, { purpose: 'qej-release/1', content: bytes, cms: item.cms }, now);
  const { row, closing } = await ports.db.read(async (tx) => ({
    row: await tx.acceptances.find({ tenderId, holderId, stage: parsed.stage }),
    closing: await closingHash(tx, tenderId),
  }));
  if (row === undefined) throw new DomainError('E_RELEASE', { detail: 'nothing was accepted for this stage' });
  await checkRelease(ports.provider, parsed, await openAcceptance(ports.provider, signedOf(row)), closing);
  await ports.db.transaction('tender:release', async (tx) => {
    const record = await lockTender(tx, tenderId);
    if ((await tx.releases.find({ tenderId, holderId, stage: parsed.stage })) !== undefined) return;
    if (!ports.releaseGate(record).includes(parsed.stage as ReleaseStage))
      throw new DomainError('E_STATE', { detail: `${parsed.stage} may not be released yet` });
    await tx.releases.insert({
      id: newId(),
      tenderId,
      lotId: parsed.lotId,
      stage: parsed.stage,
      holderId,
      scalar: parsed.x,
      release: item.release,
      cms: item.cms,
      releasedAt: now,
    });
    await appendEntry(tx, {
      type: 'release',
      at: now,
      tenderId,
      members: {
        lotId: parsed.lotId,
        stage: parsed.stage,
        holderId,
        x: parsed.x,
        closingEntryHash: parsed.closingEntryHash,
      },
      dedupe: `release:${tenderId}:${holderId}:${parsed.stage}`,
    });
    await enqueueJob(tx, {
      kind: 'opening:release',
      dedupe: `opening:release:${tenderId}:${holderId}:${parsed.stage}`,
      payload: { tenderId, stage: parsed.stage },
      at: now,
    });
  });
}

type Names = 'getSealingKeys' | 'listHolderTasks' | 'acceptKey' | 'releaseKey';

const TASK_STATES = ['awaiting-holders', 'closed', 'register-released', 'decrypting', 'prices-open'];

/** Holders' side: what they are asked, their acceptances and releases. Each message is signed by the holder itself. */
export function makeHolderHandlers(ports: TenderPorts): Handlers<Names> {
  const { db } = ports;
  return {
    getSealingKeys: async ({ params }) => {
      const entries = await ports.holders();
      return db.read(async (tx) => {
        const record = await tx.tenders.get({ id: params.tenderId });
        const notice = noticeOf(record);
        const noticeHash = record.noticeHash ?? '';
        const [accepted, released] = [
          await tx.acceptances.list({ tenderId: record.id }),
          await tx.releases.list({ tenderId: record.id }),
        ];
        const stagesOf = (rows: readonly { holderId: string; stage: string }[], holderId: string) =>
          rows.filter((row) => row.holderId === holderId).map(({ stage }) => stage);
        return {
          noticeHash,
          editionHash: await editionHashOf(notice, noticeHash),
          lotId: record.lotId,
          suite: notice.suite,
          openingMode: notice.openingMode,
          deadline: notice.timetable.deadline.at,
          sets: notice.sets.map((set) => [...set]),
          stages: procedureOf(notice).releases.map(({ stage }) => stage),
          holders: notice.holders.map(({ holderId, role, name }) => ({
            holderId,
            role,
            name: entries.find((entry) => entry.holderId === holderId)?.name ?? name,
            accepted: stagesOf(accepted, holderId),
            released: stagesOf(released, holderId),
          })),
          acceptances: accepted.map(({ holderId, stage, acceptance, cms, proof }) => ({
            holderId,
            stage,
            acceptance,
            cms,
            proof,
          })),
        };
      });
    },
    listHolderTasks: async ({ params }) =>
      db.read(async (tx) => {
        const open = await tx.tenders.list({ state: TASK_STATES });
        const items: { tenderId: string; lotId: string; stage: string; task: 'accept' | 'release' }[] = [];
        for (const record of open) {
          if (!noticeOf(record).holders.some(({ holderId }) => holderId === params.holderId)) continue;
          const where = { tenderId: record.id, holderId: params.holderId };
          const task = record.state === 'awaiting-holders' ? 'accept' : 'release';
          const done = new Set(
            (task === 'accept' ? await tx.acceptances.list(where) : await tx.releases.list(where)).map(
              ({ stage }) => stage,
            ),
          );
          const stages =
            task === 'accept'
              ? requiredAcceptances(tenderOf(record))
                  .filter(({ holderId }) => holderId === params.holderId)
                  .map(({ stage }) => stage)
              : ports.releaseGate(record);
          for (const stage of stages)
            if (!done.has(stage)) items.push({ tenderId: record.id, lotId: record.lotId, stage, task });
        }
        return { items };
      }),
    acceptKey: async ({ params, body }, context) => {
      for (const item of body.items) await accept(ports, params.tenderId, body.holderId, item, context);
      ports.live.publish({ tenderId: params.tenderId, topic: 'tender' });
      return { ok: true };
    },
    releaseKey: async ({ params, body }, context) => {
      for (const item of body.items) await release(ports, params.tenderId, body.holderId, item, context);
      ports.live.publish({ tenderId: params.tenderId, topic: 'hall' });
      return { ok: true };
    },
  };
}
