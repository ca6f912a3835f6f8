import type { Json } from '@qej/kernel';
import { base64, hash, id, integer, jsonObject, moneyText, nullable, object, oneOf, text } from './shape.ts';

/** 信用承诺书: the bidder promises to pay the waived part on demand. It is inside the sealed register, which the bid's own key signs. */
export interface CommitmentLetter {
  readonly v: 1;
  readonly lotId: string;
  readonly uscc: string;
  /** What is waived, decimal CNY. */
  readonly amount: string;
  readonly payDays: number;
  readonly policyId: string;
}
/** Which guarantee covers the rest: opens the guarantor's commitment and proves amount and expiry by the QR's own signature. */
export interface GuaranteeReference {
  readonly orderId: string;
  readonly guarantorId: string;
  readonly number: string;
  /** The 32 bytes that open the commitment, hex. */
  readonly k: string;
  readonly certificateSha256: string;
  readonly qr: string;
}
/**
 * Member `deposit` of the sealed register, version 1: everything the platform needs to replay the decision at the opening. About 5 KB,
 * so that the register keeps its fixed length. Format: docs/formats/deposit.md.
 */
export interface DepositDeclaration {
  readonly v: 1;
  /** The decision as the bidder computed it; its canonical bytes are those of `encodeCreditDecision`. Null without a policy. */
  readonly decision: { readonly [key: string]: Json };
  /** The signed snapshot and the issuer's CMS over its canonical bytes, signer certificate only. Null: none was to be had. */
  readonly credit: { readonly snapshot: { readonly [key: string]: Json }; readonly cms: string } | null;
  readonly commitment: CommitmentLetter | null;
  readonly guarantee: GuaranteeReference | null;
}

const readDeclaration = object<DepositDeclaration>({
  v: oneOf([1]),
  decision: jsonObject,
  credit: nullable(object({ snapshot: jsonObject, cms: base64 })),
  commitment: nullable(
    object<CommitmentLetter>({
      v: oneOf([1]),
      lotId: id,
      uscc: text(18, 18),
      amount: moneyText,
      payDays: integer(1, 365),
      policyId: text(60),
    }),
  ),
  guarantee: nullable(
    object<GuaranteeReference>({
      orderId: id,
      guarantorId: text(64),
      number: text(40, 8),
      k: hash,
      certificateSha256: hash,
      qr: text(400),
    }),
  ),
});

/** @throws DomainError `E_FORMAT` for an unknown version or member. */
export const readDepositDeclaration = (value: Json): DepositDeclaration => readDeclaration(value, 'deposit');
