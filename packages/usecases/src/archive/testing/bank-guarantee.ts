import {
  completeSignature,
  encodeGuaranteeQr,
  guaranteeQrSigningBytes,
  makeDemoBidFile,
  prepareSignature,
} from '@qej/documents';
import { encodeGuaranteeDocument, guaranteeCommitment, guaranteeTemplates, templateSha256 } from '@qej/guarantees';
import type { Undertaking } from '@qej/guarantees';
import { formatInstant, formatMoney, fromHex, newId, parseCanonical, parseInstant, plusMs, toHex } from '@qej/kernel';
import type { Money } from '@qej/kernel';
import { OID, signCms } from '@qej/pki';
import { storeDocument } from '../../documents/create-document.ts';
import { sha256Hex } from './archive-world.ts';
import type { ArchiveWorld, Person } from './archive-world.ts';
import type { PublishedLot } from './publish-tender.ts';

const VALID_MS = 200 * 86_400_000;

export interface IssuedGuarantee {
  readonly undertaking: Undertaking;
  readonly certificate: Uint8Array;
  /** Member `guarantee` of the bidder's deposit declaration. */
  readonly reference: {
    readonly orderId: string;
    readonly guarantorId: string;
    readonly number: string;
    readonly k: string;
    readonly certificateSha256: string;
    readonly qr: string;
  };
}

async function certify({ bank, clock }: ArchiveWorld, number: string): Promise<Uint8Array> {
  const pdf = await makeDemoBidFile({ title: `投标保函 ${number}`, megabytes: 0.1, seed: number });
  const wanted = {
    fieldName: 'guarantor',
    reason: '开立投标保函',
    at: clock.at,
    signerName: '测试银行',
    certify: 1 as const,
  };
  const { prepared, byteRange, digest } = prepareSignature(pdf, wanted);
  return completeSignature(
    prepared,
    byteRange,
    await signCms({ contentDigest: digest, eContentType: OID.data, signer: bank }),
  );
}

/** A sealed guarantee: the bank learns the commitment, signs undertaking, certificate and QR code with its seal. */
export async function issueGuarantee(
  world: ArchiveWorld,
  lot: PublishedLot,
  bidder: Person,
  due: Money,
): Promise<IssuedGuarantee> {
  const { bank, clock } = world;
  const k = globalThis.crypto.getRandomValues(new Uint8Array(32));
  const commitment = await guaranteeCommitment(lot.lotId, bidder.organization.id, k);
  const [number, orderId] = [`TEST${newId().slice(0, 12).toUpperCase()}`, newId()];
  const validTo = formatInstant(plusMs(clock.at, VALID_MS));
  const templateId = 'independent-bid-guarantee/1' as const;
  const undertaking: Undertaking = {
    v: 1,
    guaranteeNo: number,
    applicationId: orderId,
    commitment,
    applicant: { name: bidder.organization.name, uscc: bidder.organization.uscc },
    beneficiary: null,
    guarantor: { name: '测试银行', uscc: bank.certificate.subject.uscc ?? '' },
    amount: formatMoney(due),
    currency: 'CNY',
    issuedAt: formatInstant(clock.at),
    validFrom: formatInstant(clock.at),
    validTo,
    templateId,
    templateSha256: await templateSha256(guaranteeTemplates[templateId]),
    applicableRules: 'NONE',
    premium: '100.00',
  };
  const claim = { number, commitment: fromHex(commitment), amount: due, expiresAt: parseInstant(validTo) };
  const qr = encodeGuaranteeQr({ ...claim, signature: await bank.sign(guaranteeQrSigningBytes(claim)) });
  const certificate = await certify(world, number);
  const guarantorId = undertaking.guarantor.uscc;
  const reference = { orderId, guarantorId, number, k: toHex(k), certificateSha256: sha256Hex(certificate), qr };
  return { undertaking, certificate, reference };
}

/** What the deposit station keeps once the guarantor has answered. */
export async function revealGuarantee(
  { ports, clock }: ArchiveWorld,
  tenderId: string,
  bidder: Person,
  issued: IssuedGuarantee,
): Promise<void> {
  const { undertaking, certificate, reference } = issued;
  const document = await storeDocument(ports.blobs, {
    tenderId,
    organizationId: bidder.organization.id,
    kind: 'certificate',
    name: `投标保函 ${reference.number}.pdf`,
    bytes: certificate,
    audience: 'organization',
    at: clock.at,
  });
  await ports.db.transaction('test:reveal', async (tx) => {
    const bid = await tx.bids.get({ tenderId, organizationId: bidder.organization.id });
    await tx.documents.insert(document);
    await tx.revealedGuarantees.insert({
      id: newId(),
      orderId: reference.orderId,
      tenderId,
      bidId: bid.id,
      organizationId: bidder.organization.id,
      number: reference.number,
      undertaking: parseCanonical(encodeGuaranteeDocument('undertaking', undertaking)),
      certificateDocumentId: document.id,
      state: 'verified',
      updatedAt: clock.at,
    });
  });
}
