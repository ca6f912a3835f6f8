import * as z from 'zod';
import { byTender, zBase64, zBilingualText, zDecimal, zHash, zId, zInstant, zJson, zMoney } from '../primitives.ts';
import { defineRoute, open, within } from '../route.ts';

const byBid = z.strictObject({ tenderId: zId, bidId: zId });
export const zFault = z.strictObject({
  party: z.enum(['bidder', 'platform', 'ca', 'network', 'holder', 'undetermined']),
  code: z.string(),
  text: zBilingualText,
  confirmedBySupervisor: z.boolean(),
});
export const zHallBid = z.strictObject({
  bidId: zId,
  bidder: z.string(),
  bidderOrganizationId: zId,
  messageHash: zHash,
  receivedAt: zInstant,
  state: z.enum(['register-opened', 'half-released', 'half-missing', 'opened', 'refused']),
  deposit: z.strictObject({ state: z.enum(['submitted', 'missing']), text: zBilingualText }),
  /** Shown only once every half is in or the window is over. */
  price: z
    .strictObject({
      total: zMoney,
      periodDays: z.int().optional(),
      quality: z.string().optional(),
      manager: z.string().optional(),
      /** Read out all the same; the committee decides (L2 art. 51). */
      aboveCeiling: z.boolean(),
    })
    .optional(),
  confirmation: z
    .strictObject({
      kind: z.enum(['confirmed', 'objected']),
      text: z.string().optional(),
      at: zInstant,
      answer: z.string().optional(),
    })
    .optional(),
  fault: zFault.optional(),
  mine: z.boolean(),
  /** For the owner only: what its keyring needs to release its halves. */
  unwrap: z
    .strictObject({
      wrappedSecret: zBase64,
      registerContext: zHash,
      stages: z.array(z.strictObject({ stage: z.string(), context: zHash, halfCommit: zHash })),
    })
    .optional(),
});
export const zHall = z.strictObject({
  tenderId: zId,
  state: z.string(),
  now: zInstant,
  deadline: zInstant,
  closedAt: zInstant.optional(),
  closingRoot: zHash.optional(),
  closingSeq: z.int().optional(),
  /** Leaf commitment of the closing entry: what a holder's release names. */
  closingEntryHash: zHash.optional(),
  witnesses: z.array(z.strictObject({ name: z.string(), at: zInstant, independent: z.boolean() })),
  releases: z.array(z.strictObject({ holderId: z.string(), stage: z.string(), at: zInstant })),
  /** "<3" when the tender failed: nothing else is known or stored. */
  count: z.string().optional(),
  windowEndsAt: zInstant.optional(),
  coefficient: zDecimal.optional(),
  /** Left out where the lot has none. */
  ceilingPrice: zMoney.optional(),
  bids: z.array(zHallBid),
  recordDocumentId: zId.optional(),
  hostStep: z.strictObject({
    command: z.enum(['start-decryption', 'close-window', 'make-record', 'finish', 'none']),
    text: zBilingualText,
  }),
});

export const openingRoutes = {
  getHall: defineRoute({
    method: 'GET',
    path: '/tenders/:tenderId/hall',
    summary: '开标大厅 · the opening hall',
    access: open,
    params: byTender,
    response: zHall,
    errors: ['E_NOT_FOUND'],
  }),
  startDecryption: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/opening/decryption',
    summary: '公布名单并开始解密 · publish the bidder list and start the window',
    access: within('tender-agency', 'agency'),
    params: byTender,
    response: zHall,
    errors: ['E_STATE'],
  }),
  releaseHalf: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/bids/:bidId/half',
    summary: '投标人解密 · a bidder releases its half',
    access: within('tender-bidder', 'bidder'),
    params: byBid,
    body: z.strictObject({
      halves: z
        .array(z.strictObject({ stage: z.string(), half: zBase64 }))
        .min(1)
        .max(4),
    }),
    response: zHall,
    errors: ['E_STATE', 'E_WINDOW_CLOSED', 'E_BIDDER_HALF'],
  }),
  closeWindow: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/opening/window-end',
    summary: '提前结束解密（全部到齐）· end the window once every half is in',
    access: within('tender-agency', 'agency'),
    params: byTender,
    response: zHall,
    errors: ['E_STATE', 'E_WINDOW_OPEN'],
  }),
  confirmPrice: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/bids/:bidId/confirmation',
    summary: '报价确认或异议 · confirm the line or object',
    access: within('tender-bidder', 'bidder'),
    params: byBid,
    body: z.strictObject({
      kind: z.enum(['confirmed', 'objected']),
      text: z.string().max(2_000).optional(),
      cms: zBase64,
    }),
    response: zHall,
    errors: ['E_STATE', 'E_SIGNATURE'],
  }),
  answerObjection: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/bids/:bidId/objection-answer',
    summary: '当场答复异议 · answer an objection on the spot',
    access: within('tender-agency', 'agency'),
    params: byBid,
    body: z.strictObject({ answer: z.string().min(1).max(2_000) }),
    response: zHall,
    errors: ['E_STATE', 'E_NOT_FOUND'],
  }),
  confirmFault: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/bids/:bidId/fault-confirmation',
    summary: '监督人员确认责任 · the supervisor confirms who is at fault',
    access: within('tender-participant', 'supervisor'),
    params: byBid,
    response: zHall,
    errors: ['E_STATE', 'E_NOT_FOUND'],
  }),
  makeOpeningRecord: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/opening/record',
    summary: '生成开标记录 · make the opening record',
    access: within('tender-agency', 'agency'),
    params: byTender,
    response: zHall,
    errors: ['E_STATE', 'E_CONFIRMATIONS_OPEN'],
  }),
  finishOpening: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/opening/end',
    summary: '开标结束 · end the opening once the record is signed',
    access: within('tender-agency', 'agency'),
    params: byTender,
    response: zHall,
    errors: ['E_STATE', 'E_DOCUMENT_UNSIGNED'],
  }),
  getReceipt: defineRoute({
    method: 'GET',
    path: '/receipts/:messageHash',
    summary: '回执核对 · look a receipt up by message hash',
    access: open,
    params: z.strictObject({ messageHash: zHash }),
    response: z.strictObject({ receipt: zJson }),
    errors: ['E_NOT_FOUND'],
  }),
};
