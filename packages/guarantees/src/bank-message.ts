import { canonicalBytes, newId, formatInstant, parseCanonical, parseInstant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { GuaranteeParty, Release, Revelation } from './documents.ts';
import { readGuaranteeDocument } from './documents.ts';
import { guaranteeStates } from './guarantee-state.ts';
import type { GuaranteeState } from './guarantee-state.ts';
import type { Reader } from './shape.ts';
import { base64, flag, id, instantText, integer, moneyText, nullable, object, oneOf, text } from './shape.ts';

/** A message lives so long around its `sentAt`; a nonce is remembered for twice that. */
export const MESSAGE_WINDOW_MS = 300_000;

/** How a guarantor presents itself: its encryption point, signed by its seal. */
export interface GuarantorStatement {
  readonly name: { readonly zh: string; readonly en: string };
  readonly party: GuaranteeParty;
  readonly standIn: boolean;
  /** 65-byte P-256 point that applications are sealed to. */
  readonly encryptionPoint: string;
  readonly premiumBasisPoints: number;
  readonly premiumMinimum: string;
  readonly typicalMs: number;
  readonly deskUrl: string;
}
/** One step of one order; `envelope` is sealed to the applicant: the quote in state `quoted`, the certificate in `issued`. */
export interface GuarantorEvent {
  readonly orderId: string;
  readonly eventSeq: number;
  readonly state: GuaranteeState;
  readonly at: string;
  readonly envelope: string | null;
  readonly reason: string | null;
}
export interface OrderProgress {
  readonly orderId: string;
  readonly state: GuaranteeState;
  readonly eventSeq: number;
}
/** Asked after the opening: the commitment is opened to the guarantor, who gives the undertaking and its certificate. */
export interface RevealBody {
  readonly orderId: string;
  readonly tender: { readonly code: string; readonly name: string };
  readonly revelation: Revelation;
}
export interface RevealResult {
  readonly orderId: string;
  readonly state: GuaranteeState;
  readonly isInForce: boolean;
  /** Canonical bytes of the undertaking and the guarantor's CMS over them. */
  readonly undertaking: string;
  readonly undertakingCms: string;
  /** The certificate as issued, and the one that names tender and beneficiary (解密还原). */
  readonly certificate: string;
  readonly restored: string;
}
export interface VerificationResult {
  readonly isGenuine: boolean;
  /** Null while the guarantee is sealed: nobody learns more than "genuine". */
  readonly state: GuaranteeState | null;
  readonly validTo: string | null;
}

const state = oneOf(guaranteeStates);
const progress = object<OrderProgress>({ orderId: id, state, eventSeq: integer(0) });

const bodies = {
  statement: object<GuarantorStatement>({
    name: object({ zh: text(120), en: text(240) }),
    party: object<GuaranteeParty>({ name: text(200), uscc: text(18, 18) }),
    standIn: flag,
    encryptionPoint: base64,
    premiumBasisPoints: integer(0, 10_000),
    premiumMinimum: moneyText,
    typicalMs: integer(0),
    deskUrl: text(255),
  }),
  event: object<GuarantorEvent>({
    orderId: id,
    eventSeq: integer(1),
    state,
    at: instantText,
    envelope: nullable(base64),
    reason: nullable(text(200)),
  }),
  order: object<{ readonly orderId: string; readonly envelope: string }>({ orderId: id, envelope: base64 }),
  status: object<{ readonly orderId: string }>({ orderId: id }),
  cancel: object<{ readonly orderId: string }>({ orderId: id }),
  reveal: object<RevealBody>({
    orderId: id,
    tender: object({ code: text(64), name: text(200) }),
    revelation: (value): Revelation => readGuaranteeDocument('revelation', value as never), // its reader checks it
  }),
  release: object<{ readonly orderId: string; readonly release: Release }>({
    orderId: id,
    release: (value): Release => readGuaranteeDocument('release', value as never), // its reader checks it
  }),
  verify: object<{ readonly number: string; readonly code: string }>({ number: text(40), code: text(40) }),
  progress,
  revealed: object<RevealResult>({
    orderId: id,
    state,
    isInForce: flag,
    undertaking: base64,
    undertakingCms: base64,
    certificate: base64,
    restored: base64,
  }),
  verified: object<VerificationResult>({ isGenuine: flag, state: nullable(state), validTo: nullable(instantText) }),
} as const;

type Bodies = { readonly [T in keyof typeof bodies]: ReturnType<(typeof bodies)[T]> };
/** `progress`, `revealed` and `verified` are answers: their `inReplyTo` is the nonce of the question. */
export type BankMessageType = keyof Bodies;
export const bankMessageTypes = Object.keys(bodies) as BankMessageType[]; // the keys of the literal above

/** Canonical JSON, signed by platform or guarantor (purpose `qej-bank-message/1`). Format: docs/formats/bank-api.md. */
export interface BankMessage<T extends BankMessageType> {
  readonly v: 1;
  readonly type: T;
  readonly guarantorId: string;
  readonly nonce: string;
  readonly inReplyTo: string | null;
  readonly sentAt: string;
  readonly body: Bodies[T];
}

function reader<T extends BankMessageType>(type: T): Reader<BankMessage<T>> {
  return object<BankMessage<T>>({
    v: oneOf([1]),
    type: oneOf<BankMessageType>([type]) as Reader<T>, // the list has this one member
    guarantorId: text(64),
    nonce: id,
    inReplyTo: nullable(id),
    sentAt: instantText,
    body: bodies[type] as unknown as Reader<Bodies[T]>, // TypeScript does not index by an open T
  });
}

export interface NewBankMessage<T extends BankMessageType> {
  readonly type: T;
  readonly guarantorId: string;
  readonly inReplyTo?: string;
  readonly at: Instant;
  readonly body: Bodies[T];
}

/** A message with a fresh nonce, as the bytes to sign. @throws DomainError `E_FORMAT` */
export function encodeBankMessage<T extends BankMessageType>({
  type,
  guarantorId,
  inReplyTo,
  at,
  body,
}: NewBankMessage<T>): Uint8Array<ArrayBuffer> {
  const message = {
    v: 1,
    type,
    guarantorId,
    nonce: newId(),
    inReplyTo: inReplyTo ?? null,
    sentAt: formatInstant(at),
    body,
  };
  return canonicalBytes(reader(type)(message, 'message'));
}

/** @throws DomainError `E_FORMAT` unless it is exactly a message of this type. */
export const decodeBankMessage = <T extends BankMessageType>(type: T, bytes: Uint8Array): BankMessage<T> =>
  reader(type)(parseCanonical(bytes), 'message');

/** Within ±{@link MESSAGE_WINDOW_MS} of the receiver's clock. */
export const isFresh = ({ sentAt }: BankMessage<BankMessageType>, now: Instant): boolean =>
  Math.abs(now - parseInstant(sentAt)) <= MESSAGE_WINDOW_MS;
