import { renderOpeningRecord } from '@qej/documents';
import type { OpenedBid, OpeningRecordContent } from '@qej/documents';
import { canonicalBytes, DomainError, formatInstant, instant, parseInstant, parseMoney, toHex } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { signOpeningRecord, signRecord } from '@qej/tendering';
import type { Opening } from '@qej/tendering';
import { isFullySigned, putDocument, storeDocument } from '../documents/create-document.ts';
import type { RequiredSigner } from '../documents/create-document.ts';
import type { AuthenticatedContext } from '../handlers.ts';
import { appendEntry } from '../log/index.ts';
import type { Transaction } from '../ports.ts';
import type { BidRecord, OrganizationRecord, TenderRecord } from '../records.ts';
import { noticeOf, tenderOf } from '../tender/tender-course.ts';
import type { ConfirmationFacts } from './confirmation.ts';
import { domainParty } from './fault.ts';
import type { BidFault, NamedParty } from './fault.ts';
import { recordDue } from './hall-view.ts';
import { contentOf } from './open-content.ts';
import { registerFactsOf } from './open-lot-technical.ts';
import { factsOf, openingOf, saveFacts, saveOpening } from './opening-course.ts';
import type { OpeningPorts } from './ports.ts';
import type { DepositVerdict } from './ports.ts';

const PLATFORM = '青e见数字评标与电子保函平台';
const decryption: Readonly<Record<string, OpenedBid['decryption']>> = {
  opened: 'decrypted',
  'technical-opened': 'decrypted',
  refused: 'failed',
};

const faultLine = (party: NamedParty, code: string, reason: string) => ({
  party: domainParty(party),
  reason: reason === '' ? code : reason,
});

function bidLine(row: BidRecord, index: number): OpenedBid {
  const { state } = row.deposit as unknown as DepositVerdict; // written by the register step
  const fault = row.fault as unknown as BidFault | null; // written by this station alone
  const answer = row.confirmation as unknown as ConfirmationFacts | null; // written by confirmPrice alone
  const price = contentOf(row)?.price ?? null;
  return {
    number: index + 1,
    bidder: registerFactsOf(row).name,
    deposit: state === 'submitted' ? 'delivered' : 'not-delivered',
    decryption: decryption[row.state] ?? 'not-released',
    ...(fault === null ? {} : { fault: faultLine(fault.party, fault.code, fault.text.zh) }),
    ...(price === null
      ? {}
      : {
          price: parseMoney(price.total),
          values: [
            price.periodDays === undefined ? '—' : `${price.periodDays} 天`,
            price.quality ?? '—',
            price.manager ?? '—',
          ],
        }),
    response: answer?.kind ?? 'none',
    ...(answer === null ? {} : { respondedAt: parseInstant(answer.at) }),
  };
}

/** Registers that nobody can be named for are minuted too. */
const refusedLines = (record: TenderRecord, first: number): OpenedBid[] =>
  factsOf(record).refused.map(({ messageHash, code, party }, index) => ({
    number: first + index + 1,
    bidder: `（登记封套无法打开，消息 ${messageHash.slice(0, 16)}…）`,
    deposit: 'not-delivered',
    decryption: 'failed',
    fault: faultLine(party as NamedParty, code, code),
    response: 'none',
  }));

function objectionLines(opening: Opening, host: string): OpeningRecordContent['objections'] {
  if (!('objections' in opening) || !('bids' in opening)) return [];
  const nameOf = (organizationId: string): string =>
    opening.bids.flatMap((bid) =>
      'owner' in bid && bid.owner?.organizationId === organizationId ? [bid.owner.name] : [],
    )[0] ?? '';
  return opening.objections.map(({ organizationId, text, raisedAt, answer }) => ({
    bidder: nameOf(organizationId),
    text,
    raisedAt,
    answer: answer?.text ?? '',
    answeredBy: host,
  }));
}

interface RecordInputs {
  readonly record: TenderRecord;
  readonly rows: readonly BidRecord[];
  readonly agency: OrganizationRecord;
  readonly host: string;
}

function closingLine(record: TenderRecord, opening: Opening): OpeningRecordContent['closing'] {
  if (!('closing' in opening)) throw new DomainError('E_STATE');
  const { root, seals, cosignatures, closedAt } = opening.closing;
  const [first] = cosignatures;
  return { root, size: seals.length, witness: first?.witnessId ?? '', cosignedAt: first?.cosignedAt ?? closedAt };
}

function coefficientLine(record: TenderRecord): Pick<OpeningRecordContent, 'coefficient'> {
  const { coefficient, closingRoot } = factsOf(record);
  if (coefficient === null) return {};
  const { name, value, index } = coefficient;
  const derivation = `由截标集合根摘要 ${closingRoot} 与全部已打开登记封套内的随机数导出（qej-draw1/coefficient），为候选值中的第 ${index + 1} 个；任何人可复算。`;
  return { coefficient: { name, value, derivation } };
}

const signersOf = ({ record, agency, host }: RecordInputs): readonly RequiredSigner[] => [
  {
    field: 'host',
    role: 'agency',
    organizationId: record.agencyOrganizationId,
    anchor: 'host',
    reason: `开标记录签署（${agency.name}，主持人 ${host}）`,
    look: 'seal',
  },
];

async function contentOfRecord(inputs: RecordInputs, now: AuthenticatedContext['now']): Promise<OpeningRecordContent> {
  const { record, rows, agency, host } = inputs;
  const notice = noticeOf(record);
  const opening = openingOf(record);
  const [lot] = notice.lots;
  const bids = rows.map(bidLine);
  const lines = [...bids, ...refusedLines(record, bids.length)];
  const data = {
    v: 1,
    noticeHash: record.noticeHash,
    closingRoot: factsOf(record).closingRoot,
    opening: record.course['opening'],
  } as unknown as Json; // plain data
  const hash = await globalThis.crypto.subtle.digest('SHA-256', canonicalBytes(data));
  return {
    frame: {
      code: `${notice.code}-KB-01`,
      platform: PLATFORM,
      issuedAt: now,
      dataHash: toHex(new Uint8Array(hash)),
      zone: notice.timetable.deadline.zone,
    },
    tender: {
      code: notice.code,
      name: notice.title.zh,
      lotCode: String(lot?.no ?? 1).padStart(2, '0'),
      lotName: lot?.name.zh ?? '',
    },
    openedAt: instant('listPublishedAt' in opening ? opening.listPublishedAt : factsOf(record).closedAt),
    closedAt: now,
    deadline: instant(record.deadline),
    host: `${host}（${agency.name}）`,
    closing: closingLine(record, opening),
    bids: lines,
    priceColumns: ['工期', '质量', '负责人'],
    ...(lot?.ceilingPrice === null || lot === undefined ? {} : { ceiling: parseMoney(lot.ceilingPrice) }),
    ...coefficientLine(record),
    objections: objectionLines(opening, host),
    participants: [{ role: '主持人', name: host, organisation: agency.name }],
    signers: [{ anchor: 'host', role: '主持人 Host', name: host }],
  };
}

/** @throws DomainError `E_STATE`, `E_CONFIRMATIONS_OPEN` */
function requireRecordDue(opening: Opening, now: AuthenticatedContext['now']): void {
  if (recordDue(opening, now)) return;
  if (opening.state === 'confirming') throw new DomainError('E_CONFIRMATIONS_OPEN');
  throw new DomainError('E_STATE', { params: { state: opening.state } });
}

async function readInputs(tx: Transaction, tenderId: string, host: string): Promise<RecordInputs> {
  const record = await tx.tenders.get({ id: tenderId });
  return {
    record,
    rows: await tx.bids.list({ tenderId }, { orderBy: { order: 'asc' } }),
    agency: await tx.organizations.get({ id: record.agencyOrganizationId }),
    host,
  };
}

/**
 * The opening record (开标记录): rendered aside, put into place under the lock. Made again, it replaces an unsigned one.
 * @throws DomainError `E_STATE`, `E_CONFIRMATIONS_OPEN`
 */
export async function makeLotRecord(
  ports: OpeningPorts,
  tenderId: string,
  { caller, now }: AuthenticatedContext,
): Promise<void> {
  const inputs = await ports.db.read((tx) => readInputs(tx, tenderId, caller.name));
  requireRecordDue(openingOf(inputs.record), now);
  const notice = noticeOf(inputs.record);
  const pdf = await renderOpeningRecord(await contentOfRecord(inputs, now), { demo: notice.rulesVersion === 'demo' });
  const row = await storeDocument(ports.blobs, {
    tenderId,
    kind: 'opening-record',
    name: `开标记录 ${notice.code}.pdf`,
    bytes: pdf,
    audience: 'public',
    signers: signersOf(inputs),
    at: now,
  });
  await ports.db.transaction('opening:record', async (tx) => {
    const record = await tx.tenders.lock({ id: tenderId });
    requireRecordDue(openingOf(record), now);
    const current = factsOf(record).recordDocumentId;
    const earlier = current === null ? undefined : await tx.documents.find({ id: current });
    if (earlier !== undefined && isFullySigned(earlier)) return;
    const { id, sha256 } = await putDocument(tx, row);
    saveFacts(record, { recordDocumentId: id });
    const members = { lotId: record.lotId, documentId: id, sha256 };
    await appendEntry(tx, { type: 'opening-record', at: now, tenderId, members, dedupe: `opening-record:${id}` });
  });
}

/** The signed record ends the opening; again changes nothing. @throws DomainError `E_STATE`, `E_DOCUMENT_UNSIGNED` */
export async function finishLotOpening(
  ports: OpeningPorts,
  tenderId: string,
  { now }: AuthenticatedContext,
): Promise<void> {
  await ports.db.transaction('opening:finish', async (tx) => {
    const record = await tx.tenders.lock({ id: tenderId });
    const opening = openingOf(record);
    if (opening.state === 'record-signed') return;
    requireRecordDue(opening, now);
    const { recordDocumentId } = factsOf(record);
    const document = recordDocumentId === null ? undefined : await tx.documents.find({ id: recordDocumentId });
    if (document === undefined || !isFullySigned(document)) throw new DomainError('E_DOCUMENT_UNSIGNED');
    const { sha256 } = document;
    await appendEntry(tx, {
      type: 'opening-ended',
      at: now,
      tenderId,
      members: { lotId: record.lotId, documentSha256: sha256, endedAt: formatInstant(now) },
      dedupe: `opening-ended:${tenderId}`,
    });
    const signed = signRecord(opening, sha256, now).state;
    saveOpening(record, signOpeningRecord(tenderOf(record), sha256, now).state, signed, now);
  });
}
