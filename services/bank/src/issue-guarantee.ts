import { formatInstant, fromHex, fromUtf8, parseInstant, parseMoney, plusMs, utf8 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import {
  completeSignature,
  encodeGuaranteeQr,
  guaranteeQrSigningBytes,
  prepareSignature,
  renderGuaranteeCertificate,
} from '@qej/documents';
import type { Party, TenderReference } from '@qej/documents';
import {
  decodeGuaranteeDocument,
  encodeGuaranteeDocument,
  guaranteeTemplates,
  sealCertificate,
  templateSha256,
} from '@qej/guarantees';
import type { GuaranteeSubject, Undertaking } from '@qej/guarantees';
import { OID, signCms } from '@qej/pki';
import { nodeProvider } from '@qej/sealed-bid/node';
import { createHash, createHmac } from 'node:crypto';
import type { Bank } from './bank.ts';
import { signBytes } from './bank.ts';
import type { OrderRow } from './bank-database.ts';
import { applicationOf, randomCode, recipientOf } from './underwriting.ts';

const PAYMENT_WORKING_DAYS = 7;
const DAYS_AFTER_BID_VALIDITY = 28;
const EXTENSION_MS = 90 * 86_400_000;
const FORUM = '保证人住所地有管辖权的人民法院';
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A sealed guarantee names nobody: the commitment stands for tender, lot and beneficiary (密文保函). */
const SEALED_TENDER: TenderReference = {
  code: '密文保函',
  name: '承诺值所对应的招标项目（开标后揭示）',
  lotCode: '—',
  lotName: '承诺值所对应的标段',
};
const SEALED_BENEFICIARY: Party = { name: '承诺值所对应标段的招标人', creditCode: '开标后揭示', address: '开标后揭示' };
const BANK_ADDRESS = '青岛市市南区山东路7号';

/** A number from which neither count nor date can be read. */
const newNumber = (): string => `HHSF${randomCode(12)}`;
export const verificationCode = (bank: Bank, number: string): string =>
  createHmac('sha256', bank.keys.codeKey).update(number).digest('hex').slice(0, 12).toUpperCase();

export function undertakingOf(row: OrderRow): Undertaking {
  if (row.undertaking === null) throw new Error(`order ${row.id} has no undertaking`);
  return decodeGuaranteeDocument('undertaking', utf8(row.undertaking));
}

async function composeUndertaking(bank: Bank, row: OrderRow, now: Instant): Promise<Undertaking> {
  const application = applicationOf(row);
  const subject = row.subject === null ? null : (JSON.parse(row.subject) as GuaranteeSubject); // read by its format on receipt
  return {
    v: 1,
    guaranteeNo: row.number ?? '',
    applicationId: row.id,
    commitment: application.commitment,
    applicant: application.applicant,
    beneficiary: subject?.beneficiary ?? null,
    guarantor: bank.party,
    amount: application.amount,
    currency: 'CNY',
    issuedAt: formatInstant(now),
    validFrom: formatInstant(now),
    validTo: application.validTo,
    templateId: application.templateId,
    templateSha256: await templateSha256(guaranteeTemplates[application.templateId]),
    applicableRules: 'NONE',
    premium: row.premium ?? '0.00',
  };
}

/** The short signature that the QR code carries. */
export async function qrOf(bank: Bank, undertaking: Undertaking): Promise<string> {
  const claim = {
    number: undertaking.guaranteeNo,
    commitment: fromHex(undertaking.commitment),
    amount: parseMoney(undertaking.amount),
    expiresAt: parseInstant(undertaking.validTo),
  };
  return encodeGuaranteeQr({ ...claim, signature: await bank.keys.seal.sign(guaranteeQrSigningBytes(claim)) });
}

export interface CertificateFacts {
  readonly undertaking: Undertaking;
  readonly address: string;
  readonly qr: string;
  /** After the opening: whom and what it is for. */
  readonly named?: { readonly tender: TenderReference; readonly beneficiary: Party };
}

/** Renders and certifies (PAdES, DocMDP P=1, chain and revocation lists inside the one revision). */
export async function renderCertificate(bank: Bank, facts: CertificateFacts, now: Instant): Promise<Uint8Array> {
  const { undertaking, named, qr } = facts;
  const pdf = await renderGuaranteeCertificate(
    {
      frame: {
        code: undertaking.guaranteeNo,
        platform: bank.party.name,
        issuedAt: now,
        dataHash: sha256(encodeGuaranteeDocument('undertaking', undertaking)),
      },
      number: undertaking.guaranteeNo,
      tender: named?.tender ?? SEALED_TENDER,
      applicant: { name: undertaking.applicant.name, creditCode: undertaking.applicant.uscc, address: facts.address },
      beneficiary: named?.beneficiary ?? SEALED_BENEFICIARY,
      guarantor: { name: bank.party.name, creditCode: bank.party.uscc, address: BANK_ADDRESS },
      cap: parseMoney(undertaking.amount),
      effectiveAt: parseInstant(undertaking.validFrom),
      expiresAt: parseInstant(undertaking.validTo),
      latestExtension: plusMs(parseInstant(undertaking.validTo), EXTENSION_MS),
      daysAfterBidValidity: DAYS_AFTER_BID_VALIDITY,
      paymentWorkingDays: PAYMENT_WORKING_DAYS,
      forum: FORUM,
      qrPayload: qr,
      verifyUrl: `${bank.platform}/guarantees/verify\n验真码 Code ${verificationCode(bank, undertaking.guaranteeNo)}`,
      commitment: undertaking.commitment,
    },
    { demo: true },
  );
  return certify(bank, pdf, now);
}

async function certify(bank: Bank, pdf: Uint8Array, now: Instant): Promise<Uint8Array> {
  const { roots, intermediates, crls } = await bank.trust.anchors();
  const { seal } = bank.keys;
  const issuers = [...roots, ...intermediates.filter((one) => seal.chain.some((ca) => ca.serial === one.serial))];
  const { prepared, byteRange, digest } = prepareSignature(pdf, {
    fieldName: 'guarantor',
    signerName: bank.party.name,
    reason: '开立投标保函',
    at: now,
    certify: 1,
    dss: { certs: issuers.map(({ der }) => der), crls: crls.map(({ der }) => der) },
    visible: {
      place: { anchor: 'guarantor-seal' },
      look: { kind: 'seal', organisation: bank.party.name, caption: '保函专用章' },
    },
  });
  return completeSignature(
    prepared,
    byteRange,
    await signCms({ contentDigest: digest, eContentType: OID.data, signer: seal }),
  );
}

/** Gives the order its number; from here on it can be repeated with the same one. */
export function startIssuing(bank: Bank, row: OrderRow, now: Instant): void {
  const number = newNumber();
  const patch = { number, code: verificationCode(bank, number) };
  bank.db.step(row.id, [['start-issuing', { patch }]], now);
}

/** 出函: undertaking, certificate, and both sealed to the applicant. A crash on the way repeats it under the same number. */
export async function issueGuarantee(bank: Bank, row: OrderRow, now: Instant): Promise<void> {
  const undertaking = await composeUndertaking(bank, row, now);
  const undertakingBytes = encodeGuaranteeDocument('undertaking', undertaking);
  const undertakingCms = new Uint8Array(await signBytes(bank, 'qej-guarantee/1', undertakingBytes));
  const qr = await qrOf(bank, undertaking);
  const subject = row.subject === null ? undefined : (JSON.parse(row.subject) as GuaranteeSubject); // read by its format on receipt
  const certificate = new Uint8Array(
    await renderCertificate(
      bank,
      {
        undertaking,
        address: row.address,
        qr,
        ...(subject === undefined
          ? {}
          : {
              named: nameIt(
                { code: subject.tenderCode, name: subject.tenderName },
                subject.lotName,
                subject.beneficiary,
              ),
            }),
      },
      now,
    ),
  );
  const envelope = await sealCertificate(
    nodeProvider.wrap,
    { guarantorId: bank.guarantorId, orderId: row.id, recipient: recipientOf(row) },
    {
      number: undertaking.guaranteeNo,
      verificationCode: verificationCode(bank, undertaking.guaranteeNo),
      certificateSha256: sha256(certificate),
      qr,
      undertakingBytes,
      undertakingCms,
      certificate,
    },
  );
  const patch = {
    undertaking: fromUtf8(undertakingBytes),
    undertaking_cms: Buffer.from(undertakingCms),
    certificate: Buffer.from(certificate),
  };
  bank.db.step(row.id, [['issue', { envelope, patch }]], bank.clock.now());
}

/** What a certificate says when tender and beneficiary are known. */
export const nameIt = (
  tender: { readonly code: string; readonly name: string },
  lotName: string,
  beneficiary: { readonly name: string; readonly uscc: string },
): NonNullable<CertificateFacts['named']> => ({
  tender: { code: tender.code, name: tender.name, lotCode: '01', lotName },
  beneficiary: { name: beneficiary.name, creditCode: beneficiary.uscc, address: '见招标公告' },
});
