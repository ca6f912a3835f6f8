import { checkUndertaking, decodeGuaranteeDocument } from '@qej/guarantees';
import type { Release, RevealBody, UndertakingCheck } from '@qej/guarantees';
import {
  DomainError,
  formatInstant,
  fromBase64,
  fromHex,
  instant,
  newId,
  parseCanonical,
  parseMoney,
  Secret,
  toHex,
} from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import { storeDocument } from '../documents/create-document.ts';
import { appendEntry } from '../log/append-entry.ts';
import type { BidRecord } from '../records.ts';
import { noticeOf } from '../tender/tender-course.ts';
import { readBidDeposit, returnPot, writeBidDeposit } from './bid-deposit.ts';
import type { BidGuarantee, KeptDeposit } from './bid-deposit.ts';
import { guarantorOf } from './order-view.ts';
import type { DepositPorts, RevealedPapers } from './ports.ts';
import { requiredUntil } from './presented-guarantee.ts';

type JobHandler = (payload: Json, now: Instant) => Promise<void>;

const textOf = (payload: Json, member: string): string => {
  const value = typeof payload === 'object' && payload !== null ? (payload as Record<string, Json>)[member] : undefined;
  if (typeof value !== 'string') throw new TypeError(`job without ${member}`);
  return value;
};

/** Brings an order to its guarantor; there it is taken once. A refusal that repeating cannot mend ends the order. */
const forward =
  (ports: DepositPorts): JobHandler =>
  async (payload, now) => {
    const order = await ports.db.read((tx) => tx.guaranteeOrders.get({ id: textOf(payload, 'orderId') }));
    if (order.eventSeq > 0) return;
    try {
      await guarantorOf(ports, order.guarantorId).forward({ orderId: order.id, envelope: fromBase64(order.envelope) });
    } catch (error) {
      const code: unknown = error instanceof DomainError ? error.code : undefined;
      if (code !== 'E_IDEMPOTENCY' && code !== 'E_GUARANTOR') throw error;
      await ports.db.transaction('deposits:refused', async (tx) => {
        const row = await tx.guaranteeOrders.lock({ id: order.id });
        if (row.eventSeq > 0) return;
        row.state = 'rejected';
        row.reason = code;
        row.updatedAt = now;
      });
    }
  };

interface Subject {
  readonly bid: BidRecord;
  readonly deposit: KeptDeposit;
  readonly guarantee: BidGuarantee;
  readonly reveal: RevealBody;
  readonly check: (papers: RevealedPapers) => Promise<UndertakingCheck>;
}

/** Everything about one bid's guarantee; undefined when there is none to reveal. */
async function subjectOf(ports: DepositPorts, bidId: string, now: Instant): Promise<Subject | undefined> {
  return ports.db.read(async (tx) => {
    const bid = await tx.bids.get({ id: bidId });
    const deposit = readBidDeposit(bid.deposit);
    const guarantee = deposit?.detail.guarantee ?? null;
    if (deposit === undefined || guarantee === null) return undefined;
    const tender = await tx.tenders.get({ id: bid.tenderId });
    const bidder = await tx.organizations.get({ id: bid.organizationId });
    const notice = noticeOf(tender);
    const lot = notice.lots.find(({ lotId }) => lotId === bid.lotId);
    const { name, uscc } = notice.tenderee;
    const revelation = {
      v: 1,
      guaranteeNo: guarantee.number,
      lotId: bid.lotId,
      lotName: lot?.name.zh ?? '',
      bidderId: bid.organizationId,
      k: guarantee.k,
      beneficiary: { name, uscc },
      revealedAt: formatInstant(now),
    } as const;
    const deadline = instant(tender.deadline);
    return {
      bid,
      deposit,
      guarantee,
      reveal: { orderId: guarantee.orderId, tender: { code: notice.code, name: notice.title.zh }, revelation },
      check: (papers) =>
        checkUndertaking(decodeGuaranteeDocument('undertaking', papers.undertaking), {
          opening: { lotId: bid.lotId, bidderId: bid.organizationId, k: new Secret<Uint8Array>(fromHex(guarantee.k)) },
          bidder: { name: bidder.name, uscc: bidder.uscc },
          tenderee: { name, uscc },
          amountDue: parseMoney(deposit.detail.due),
          validUntil: requiredUntil(notice, deadline),
          asOf: deadline,
          status: papers.isInForce ? 'in-force' : 'not-in-force',
        }),
    };
  });
}

const REFUSED = {
  zh: '未递交（保函核验未通过）',
  en: 'not submitted: the guarantee was refused on verification',
} as const;

/** The verdict after the guarantor has answered. Only a guarantee that does not stand turns a delivered deposit into a missing one. */
function settled(deposit: KeptDeposit, guarantee: BidGuarantee, check: UndertakingCheck): KeptDeposit {
  const others = deposit.detail.findings.filter((finding) => finding !== 'U_STATUS_UNKNOWN');
  const findings = [...new Set([...others, ...check.findings])];
  const detail = { ...deposit.detail, findings };
  if (check.isAccepted) return { ...deposit, detail: { ...detail, guarantee: { ...guarantee, check: 'verified' } } };
  const refused = { ...detail, guarantee: { ...guarantee, check: 'refused' as const }, ledger: [] };
  return { state: 'missing', text: REFUSED, detail: refused };
}

async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes)));
}

/** Opens the commitment to the guarantor after the list is public, checks its undertaking and keeps the papers. Repeated while it is out. */
const reveal =
  (ports: DepositPorts): JobHandler =>
  async (payload, now) => {
    const bidId = textOf(payload, 'bidId');
    const subject = await subjectOf(ports, bidId, now);
    if (subject === undefined || subject.guarantee.check !== 'presented') return;
    const { guarantee, bid } = subject;
    const papers = await guarantorOf(ports, guarantee.guarantorId).reveal(subject.reveal);
    const check = await subject.check(papers);
    const isSameFile = (await sha256Hex(papers.certificate)) === guarantee.certificateSha256;
    const document = await storeDocument(ports.blobs, {
      tenderId: bid.tenderId,
      organizationId: bid.organizationId,
      kind: 'certificate',
      name: `投标保函 ${guarantee.number}.pdf`,
      bytes: papers.restored,
      audience: 'organization',
      at: now,
    });
    await ports.db.transaction('deposits:reveal', async (tx) => {
      const row = await tx.bids.lock({ id: bidId });
      if ((await tx.revealedGuarantees.find({ orderId: guarantee.orderId })) !== undefined) return;
      row.deposit = writeBidDeposit(settled(subject.deposit, guarantee, check));
      await tx.documents.insert(document);
      await tx.revealedGuarantees.insert({
        id: newId(),
        orderId: guarantee.orderId,
        tenderId: bid.tenderId,
        bidId,
        organizationId: bid.organizationId,
        number: guarantee.number,
        undertaking: parseCanonical(papers.undertaking),
        certificateDocumentId: document.id,
        state: check.isAccepted ? 'verified' : 'refused',
        updatedAt: now,
      });
      await appendEntry(tx, {
        type: 'guarantee-verified',
        at: now,
        tenderId: bid.tenderId,
        members: {
          bidMessageHash: bid.messageHash,
          undertakingSha256: await sha256Hex(papers.undertaking),
          certificateSha256: guarantee.certificateSha256,
          isSameCertificate: isSameFile,
          isAccepted: check.isAccepted,
          findings: [...check.findings],
        },
        dedupe: `guarantee-verified:${guarantee.orderId}`,
      });
    });
    ports.live.publish({ tenderId: bid.tenderId, topic: 'hall' });
  };

/** 退保: the beneficiary lets the guarantor go, then the pot is returned. Repeated until the guarantor has said yes. */
const release =
  (ports: DepositPorts): JobHandler =>
  async (payload, now) => {
    const orderId = textOf(payload, 'orderId');
    const ground = textOf(payload, 'ground') as Release['ground']; // written by releaseDeposits alone
    const { revealed, beneficiary, guarantorId } = await ports.db.read(async (tx) => {
      const row = await tx.revealedGuarantees.get({ orderId });
      const { tenderee } = noticeOf(await tx.tenders.get({ id: row.tenderId }));
      const bid = await tx.bids.get({ id: row.bidId });
      return {
        revealed: row,
        beneficiary: { name: tenderee.name, uscc: tenderee.uscc },
        guarantorId: readBidDeposit(bid.deposit)?.detail.guarantee?.guarantorId ?? '',
      };
    });
    if (revealed.state === 'released') return;
    await guarantorOf(ports, guarantorId).release({
      orderId,
      release: {
        v: 1,
        releaseId: orderId,
        guaranteeNo: revealed.number,
        beneficiary,
        ground,
        releasedAt: formatInstant(now),
      },
    });
    await ports.db.transaction('deposits:released', async (tx) => {
      const row = await tx.revealedGuarantees.lock({ orderId });
      row.state = 'released';
      row.updatedAt = now;
      const bid = await tx.bids.lock({ id: row.bidId });
      const deposit = readBidDeposit(bid.deposit);
      if (deposit === undefined) return;
      const move = { from: 'guaranteed', reason: 'released', at: now } as const;
      bid.deposit = writeBidDeposit(returnPot(deposit, bid.organizationId, move));
    });
  };

/** Work that waits for a guarantor. */
export const depositJobs = (ports: DepositPorts): Record<string, JobHandler> => ({
  'deposit:forward': forward(ports),
  'deposit:reveal': reveal(ports),
  'deposit:release': release(ports),
});
