import { defineEntity, p } from '@mikro-orm/core';
import { at, hash, json, line, long, primaryId, ref, word } from './columns.ts';

export const TokenGrant = defineEntity({
  name: 'TokenGrant',
  tableName: 'token_grant',
  uniques: [{ properties: ['userId', 'week'] }],
  properties: {
    id: primaryId(),
    userId: ref(),
    week: word(),
    issued: p.integer(),
  },
});
export const SpentToken = defineEntity({
  name: 'SpentToken',
  tableName: 'spent_token',
  properties: {
    id: primaryId(),
    tokenHash: hash().unique(),
    sessionHash: hash().unique(),
    quota: p.integer(),
    used: p.integer(),
    expiresAt: at(),
  },
});
export const Wallet = defineEntity({
  name: 'Wallet',
  tableName: 'wallet',
  properties: { id: primaryId(), userId: ref().unique(), blob: long(), updatedAt: at() },
});
/** No column names a bidder, from the first migration on (SEALING.md, intake). */
export const Seal = defineEntity({
  name: 'Seal',
  tableName: 'seal',
  properties: {
    id: primaryId(),
    lotId: ref().index(),
    opaqueId: ref().index(),
    messageHash: hash().unique(),
    registerHash: hash(),
    message: long(),
    receivedAt: at(),
    receiptCms: long(),
    timestampToken: long(),
    superseded: p.boolean(),
    withdrawn: p.boolean(),
  },
});
export const Act = defineEntity({
  name: 'Act',
  tableName: 'act',
  properties: {
    id: primaryId(),
    actHash: hash().unique(),
    salt: hash(),
    tickSeq: p.integer().nullable().index(),
    slot: p.integer().nullable(),
  },
});
export const GuaranteeOrder = defineEntity({
  name: 'GuaranteeOrder',
  tableName: 'guarantee_order',
  properties: {
    id: primaryId(),
    organizationId: ref().index(),
    userId: ref(),
    guarantorId: word().index(),
    state: word(),
    envelopeSha256: hash(),
    envelope: long(),
    eventSeq: p.integer(),
    quoteEnvelope: long().nullable(),
    certificateEnvelope: long().nullable(),
    reason: line().nullable(),
    submittedAt: at(),
    updatedAt: at(),
  },
});
export const GuaranteeEvent = defineEntity({
  name: 'GuaranteeEvent',
  tableName: 'guarantee_event',
  uniques: [{ properties: ['orderId', 'eventSeq'] }],
  properties: {
    id: primaryId(),
    orderId: ref(),
    eventSeq: p.integer(),
    contentSha256: hash(),
    message: long(),
    signature: long(),
    receivedAt: at(),
  },
});
export const BankNonce = defineEntity({
  name: 'BankNonce',
  tableName: 'bank_nonce',
  properties: { id: primaryId(), expiresAt: at().index() },
});
export const RevealedGuarantee = defineEntity({
  name: 'RevealedGuarantee',
  tableName: 'revealed_guarantee',
  properties: {
    id: primaryId(),
    orderId: ref().unique(),
    tenderId: ref().index(),
    bidId: ref().index(),
    organizationId: ref(),
    number: word(),
    undertaking: json(),
    certificateDocumentId: ref().nullable(),
    state: word(),
    updatedAt: at(),
  },
});
export const LogEntry = defineEntity({
  name: 'LogEntry',
  tableName: 'log_entry',
  properties: {
    ordinal: p.integer().primary().autoincrement(),
    seq: p.integer().nullable().unique(),
    type: word(),
    at: at(),
    tenderId: ref().nullable().index(),
    commitment: hash(),
    salt: hash(),
    body: long().nullable(),
    dedupe: line().nullable().unique(),
  },
});
export const LogTile = defineEntity({
  name: 'LogTile',
  tableName: 'log_tile',
  properties: { path: p.string().length(120).primary(), data: long() },
});
export const Checkpoint = defineEntity({
  name: 'Checkpoint',
  tableName: 'checkpoint',
  properties: { size: p.integer().primary(), note: long(), at: at(), cosigned: p.boolean() },
});
