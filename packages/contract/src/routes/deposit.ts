import * as z from 'zod';
import { zBase64, zBilingualText, zHash, zId, zInstant, zJson, zMoney, zName, zOk } from '../primitives.ts';
import { anySession, defineRoute, only, open, signedBy, twoFactor, within } from '../route.ts';

const byOrder = z.strictObject({ orderId: zId });
/** The platform relays between bidder and bank and reads neither lot nor amount: both directions are sealed (docs/formats/guarantee-envelope.md). */
export const zGuaranteeOrder = z.strictObject({
  /** Chosen by the applicant, random; also the application's id and its idempotency key. */
  orderId: zId,
  guarantorId: z.string(),
  /** The guarantor's states (docs/formats/guarantee.md); `submitted` until it has answered. */
  state: z.enum([
    'submitted',
    'underwriting',
    'quoted',
    'premium-pending',
    'premium-paid',
    'issuing',
    'issued',
    'revealed',
    'amend-requested',
    'amended',
    'extended',
    'demand-presented',
    'demand-paid',
    'demand-refused',
    'demand-withdrawn',
    'released',
    'rejected',
    'cancelled',
    'expired',
  ]),
  /** Number of the guarantor's last event that is applied; 0 = it has not answered yet. */
  eventSeq: z.int(),
  submittedAt: zInstant,
  updatedAt: zInstant,
  /** Sealed by the guarantor to the applicant's encryption certificate: quote with address and code of the payment. */
  quoteEnvelope: zBase64.optional(),
  /** The same for the certificate (PDF), its number and the signed undertaking; only in the answer for one order. */
  certificateEnvelope: zBase64.optional(),
  reason: z.string().optional(),
});
const zOrderState = zGuaranteeOrder.omit({ quoteEnvelope: true, certificateEnvelope: true });

export const depositRoutes = {
  getCreditSnapshot: defineRoute({
    method: 'GET',
    path: '/credit/snapshot',
    summary: '本单位信用快照 · signed snapshot of my own credit facts',
    access: only('bidder'),
    response: z.strictObject({ snapshot: zBase64, signature: zBase64, facts: zJson }),
    errors: ['E_CREDIT_SOURCE'],
  }),
  getCreditPolicy: defineRoute({
    method: 'GET',
    path: '/credit/policies/:policyId',
    summary: '信用减免政策 · credit policy table',
    access: open,
    params: z.strictObject({ policyId: z.string().max(60) }),
    response: z.strictObject({ policy: zJson, label: zBilingualText }),
    errors: ['E_NOT_FOUND'],
  }),
  listGuarantors: defineRoute({
    method: 'GET',
    path: '/guarantors',
    summary: '担保机构 · guarantors',
    access: open,
    response: z.strictObject({
      items: z.array(
        z.strictObject({
          guarantorId: z.string(),
          name: zBilingualText,
          standIn: z.boolean(),
          /** 65-byte P-256 point that applications are sealed to. */
          encryptionPoint: zBase64,
          /** The guarantor's signed statement of the above (`qej-bank-message/1`): check it before sealing anything to the point. */
          statement: zBase64,
          signature: zBase64,
          premiumPerMille: z.string(),
          premiumMinimum: zMoney,
          typicalMs: z.int(),
        }),
      ),
    }),
    errors: [],
  }),
  applyForGuarantee: defineRoute({
    method: 'POST',
    path: '/guarantee-orders',
    summary: '申请电子保函 · apply for a guarantee',
    access: only('bidder'),
    body: z.strictObject({
      guarantorId: z.string().max(60),
      orderId: zId,
      envelope: zBase64,
    }),
    response: zGuaranteeOrder,
    status: 201,
    errors: ['E_GUARANTOR', 'E_IDEMPOTENCY', 'E_ENVELOPE'],
  }),
  listGuaranteeOrders: defineRoute({
    method: 'GET',
    path: '/guarantee-orders',
    summary: '我的保函订单 · my guarantee orders',
    access: within('own-organization', 'bidder'),
    response: z.strictObject({ items: z.array(zOrderState) }),
    errors: [],
  }),
  getGuaranteeOrder: defineRoute({
    method: 'GET',
    path: '/guarantee-orders/:orderId',
    summary: '保函订单 · a guarantee order',
    access: within('own-organization', 'bidder'),
    params: byOrder,
    response: zGuaranteeOrder,
    errors: ['E_NOT_FOUND'],
  }),
  cancelGuaranteeOrder: defineRoute({
    method: 'DELETE',
    path: '/guarantee-orders/:orderId',
    summary: '出函前撤销 · cancel before issue',
    access: within('own-organization', 'bidder'),
    params: byOrder,
    response: zOrderState,
    errors: ['E_NOT_FOUND', 'E_STATE', 'E_UNAVAILABLE'],
  }),
  bankCallback: defineRoute({
    method: 'POST',
    path: '/guarantor-callbacks/:guarantorId',
    summary: '担保机构回调 · a guarantor reports an event',
    access: signedBy('guarantor'),
    params: z.strictObject({ guarantorId: z.string().max(60) }),
    body: z.strictObject({ message: zBase64, signature: zBase64 }),
    /** `kept` = ahead of its turn: it is applied when the events before it are here. */
    response: z.strictObject({ ok: z.literal(true), applied: z.int(), kept: z.boolean() }),
    errors: ['E_FORMAT', 'E_SIGNATURE', 'E_REPLAY', 'E_STALE', 'E_NOT_FOUND', 'E_SEQUENCE'],
  }),
  verifyGuarantee: defineRoute({
    method: 'POST',
    path: '/guarantee-verifications',
    summary: '保函验真 · verify a guarantee by number and code',
    access: open,
    body: z.strictObject({ number: zName, code: zName }),
    response: z.strictObject({
      genuine: z.boolean(),
      guarantor: z.string().optional(),
      /** Only after the opening; a sealed guarantee is told to be genuine and nothing else. */
      statusClass: z.enum(['in-force', 'released', 'expired', 'demanded']).optional(),
      validTo: zInstant.optional(),
    }),
    errors: ['E_RATE_LIMIT', 'E_UNAVAILABLE'],
  }),
  listGuarantorOrders: defineRoute({
    method: 'GET',
    path: '/guarantor/orders',
    summary: '本机构保函业务 · orders of my institution',
    access: twoFactor(within('own-organization', 'guarantor')),
    response: z.strictObject({ items: z.array(zOrderState), deskUrl: z.string() }),
    errors: [],
  }),
  issueTokens: defineRoute({
    method: 'POST',
    path: '/tokens',
    summary: '盲签令牌 · sign blinded upload tokens, the same number a week for every bidder',
    access: only('bidder'),
    body: z.strictObject({ blinded: z.array(zBase64).min(1).max(8) }),
    response: z.strictObject({
      keyId: zHash,
      signatures: z.array(zBase64),
      left: z.int(),
      renewsAt: zInstant,
    }),
    errors: ['E_TOKEN_QUOTA'],
  }),
  getTokenKey: defineRoute({
    method: 'GET',
    path: '/tokens/key',
    summary: '令牌公钥 · token verification key',
    access: open,
    response: z.strictObject({ keyId: zHash, spki: zBase64, perWeek: z.int() }),
    errors: [],
  }),
  getWallet: defineRoute({
    method: 'GET',
    path: '/wallet',
    summary: '加密钱包 · sealed wallet of fixed size',
    access: anySession,
    response: z.strictObject({ blob: zBase64.optional() }),
    errors: [],
  }),
  putWallet: defineRoute({
    method: 'PUT',
    path: '/wallet',
    summary: '保存加密钱包 · rewrite the sealed wallet',
    access: anySession,
    body: z.strictObject({ blob: zBase64 }),
    response: zOk,
    errors: ['E_WALLET_SIZE'],
  }),
};
