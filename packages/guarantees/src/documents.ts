import { canonicalBytes, parseCanonical } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { hash, id, instantText, moneyText, nullable, object, oneOf, text } from './shape.ts';
import { templateIds } from './template.ts';
import type { TemplateId } from './template.ts';

export interface GuaranteeParty {
  readonly name: string;
  readonly uscc: string;
}

export const applicableRules = ['URDG758', 'ISP98', 'NONE', 'OTHR'] as const;
/** SWIFT field 40C: stated even if NONE; a domestic guarantor need not cite any. */
export type ApplicableRules = (typeof applicableRules)[number];

/** Application to the guarantor, version 1 (ISO 20022 has no message for it). No tender, no lot, no beneficiary: only c. */
export interface UndertakingApplication {
  readonly v: 1;
  /** Opaque one-time order id; the idempotency key of the whole order. */
  readonly applicationId: string;
  readonly commitment: string;
  readonly applicant: GuaranteeParty;
  readonly amount: string;
  readonly currency: 'CNY';
  readonly validTo: string;
  readonly templateId: TemplateId;
  readonly requestedAt: string;
}

/** The guarantor's offer. */
export interface Quote {
  readonly v: 1;
  readonly applicationId: string;
  readonly premium: string;
  readonly quotedAt: string;
  readonly validUntil: string;
}

/**
 * The undertaking (保函), version 1 (tsrv.001 UndertakingIssuance): signed by the guarantor as JSON and embedded in the certificate
 * PDF. Format: docs/formats/guarantee.md.
 */
export interface Undertaking {
  readonly v: 1;
  readonly guaranteeNo: string;
  readonly applicationId: string;
  readonly commitment: string;
  readonly applicant: GuaranteeParty;
  /** Null: sealed; the beneficiary is the tenderee of the lot that the commitment opens to. */
  readonly beneficiary: GuaranteeParty | null;
  readonly guarantor: GuaranteeParty;
  readonly amount: string;
  readonly currency: 'CNY';
  readonly issuedAt: string;
  readonly validFrom: string;
  /** Last instant at which a demand may be presented. */
  readonly validTo: string;
  readonly templateId: TemplateId;
  readonly templateSha256: string;
  readonly applicableRules: ApplicableRules;
  readonly premium: string;
}

/** After the opening, platform → guarantor: what was sealed (解密还原). */
export interface Revelation {
  readonly v: 1;
  readonly guaranteeNo: string;
  readonly lotId: string;
  readonly lotName: string;
  readonly bidderId: string;
  /** The 32 bytes that open the commitment, hex. */
  readonly k: string;
  readonly beneficiary: GuaranteeParty;
  readonly revealedAt: string;
}

/** The four triggers of the model text (建市〔2021〕11号). */
export const demandTriggers = [
  'revoked-after-opening',
  'contract-refused',
  'no-performance-bond',
  'as-in-document',
] as const;
export type DemandTrigger = (typeof demandTriggers)[number];

/** tsrv.013 UndertakingDemand: written, within validity, stating the event; no proof is asked for. */
export interface Demand {
  readonly v: 1;
  readonly demandId: string;
  readonly guaranteeNo: string;
  readonly beneficiary: GuaranteeParty;
  readonly amount: string;
  readonly trigger: DemandTrigger;
  readonly statement: string;
  readonly presentedAt: string;
}

/** tsrv.012 UndertakingTerminationNotification: the beneficiary lets the guarantor go (退保). */
export interface Release {
  readonly v: 1;
  readonly releaseId: string;
  readonly guaranteeNo: string;
  readonly beneficiary: GuaranteeParty;
  readonly ground:
    | 'not-a-candidate'
    | 'contract-signed'
    | 'tender-failed'
    | 'tender-terminated'
    | 'withdrawn-before-deadline';
  readonly releasedAt: string;
}

const party = object<GuaranteeParty>({ name: text(200), uscc: text(18, 18) });
const guaranteeNo = text(40, 8);

const shapes = {
  application: object<UndertakingApplication>({
    v: oneOf([1]),
    applicationId: id,
    commitment: hash,
    applicant: party,
    amount: moneyText,
    currency: oneOf(['CNY']),
    validTo: instantText,
    templateId: oneOf(templateIds),
    requestedAt: instantText,
  }),
  quote: object<Quote>({
    v: oneOf([1]),
    applicationId: id,
    premium: moneyText,
    quotedAt: instantText,
    validUntil: instantText,
  }),
  undertaking: object<Undertaking>({
    v: oneOf([1]),
    guaranteeNo,
    applicationId: id,
    commitment: hash,
    applicant: party,
    beneficiary: nullable(party),
    guarantor: party,
    amount: moneyText,
    currency: oneOf(['CNY']),
    issuedAt: instantText,
    validFrom: instantText,
    validTo: instantText,
    templateId: oneOf(templateIds),
    templateSha256: hash,
    applicableRules: oneOf(applicableRules),
    premium: moneyText,
  }),
  revelation: object<Revelation>({
    v: oneOf([1]),
    guaranteeNo,
    lotId: id,
    lotName: text(200),
    bidderId: id,
    k: hash,
    beneficiary: party,
    revealedAt: instantText,
  }),
  demand: object<Demand>({
    v: oneOf([1]),
    demandId: id,
    guaranteeNo,
    beneficiary: party,
    amount: moneyText,
    trigger: oneOf(demandTriggers),
    statement: text(4000, 10),
    presentedAt: instantText,
  }),
  release: object<Release>({
    v: oneOf([1]),
    releaseId: id,
    guaranteeNo,
    beneficiary: party,
    ground: oneOf([
      'not-a-candidate',
      'contract-signed',
      'tender-failed',
      'tender-terminated',
      'withdrawn-before-deadline',
    ]),
    releasedAt: instantText,
  }),
} as const;

export interface GuaranteeDocuments {
  application: UndertakingApplication;
  quote: Quote;
  undertaking: Undertaking;
  revelation: Revelation;
  demand: Demand;
  release: Release;
}
export type GuaranteeDocumentKind = keyof GuaranteeDocuments;
export const guaranteeDocumentKinds = Object.keys(shapes) as GuaranteeDocumentKind[]; // the keys of the literal above

const readerOf = <K extends GuaranteeDocumentKind>(
  kind: K,
): ((value: unknown, path: string) => GuaranteeDocuments[K]) =>
  shapes[kind] as unknown as (value: unknown, path: string) => GuaranteeDocuments[K]; // TypeScript does not index by an open K

/** @throws DomainError `E_FORMAT` for an unknown version or member. */
export const readGuaranteeDocument = <K extends GuaranteeDocumentKind>(kind: K, value: Json): GuaranteeDocuments[K] =>
  readerOf(kind)(value, kind);

/** The canonical bytes that are signed. */
export const encodeGuaranteeDocument = <K extends GuaranteeDocumentKind>(
  kind: K,
  document: GuaranteeDocuments[K],
): Uint8Array<ArrayBuffer> => canonicalBytes(readerOf(kind)(document, kind));

/** @throws DomainError `E_FORMAT` */
export const decodeGuaranteeDocument = <K extends GuaranteeDocumentKind>(
  kind: K,
  bytes: Uint8Array,
): GuaranteeDocuments[K] => readerOf(kind)(parseCanonical(bytes), kind);
