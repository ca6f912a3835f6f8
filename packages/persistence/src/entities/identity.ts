import { defineEntity, p } from '@mikro-orm/core';
import { at, hash, json, line, long, primaryId, ref, word } from './columns.ts';

export const Organization = defineEntity({
  name: 'Organization',
  tableName: 'organization',
  properties: {
    id: primaryId(),
    name: line(),
    uscc: p.string().length(18).unique(),
    roles: json<string[]>(),
    address: line(),
    createdAt: at(),
  },
});
export const User = defineEntity({
  name: 'User',
  tableName: 'user_account',
  properties: {
    id: primaryId(),
    name: line(),
    email: line(),
    phone: word(),
    totpSecret: word().nullable(),
    createdAt: at(),
  },
});
export const Membership = defineEntity({
  name: 'Membership',
  tableName: 'membership',
  uniques: [{ properties: ['userId', 'organizationId'] }],
  properties: {
    id: primaryId(),
    userId: ref(),
    organizationId: ref().index(),
    roles: json<string[]>(),
    createdAt: at(),
  },
});
export const Mandate = defineEntity({
  name: 'Mandate',
  tableName: 'mandate',
  properties: {
    id: primaryId(),
    tendereeOrganizationId: ref().index(),
    agencyOrganizationId: ref().index(),
    tenderId: ref().nullable(),
    validFrom: at(),
    validTo: at(),
    cms: long().nullable(),
    createdAt: at(),
  },
});
export const Passkey = defineEntity({
  name: 'Passkey',
  tableName: 'passkey',
  properties: {
    id: primaryId(),
    userId: ref().index(),
    credentialId: p.string().length(400).unique(),
    publicKey: long(),
    counter: p.integer(),
    transports: json<string[]>(),
    createdAt: at(),
  },
});
export const Enrolment = defineEntity({
  name: 'Enrolment',
  tableName: 'enrolment',
  properties: {
    id: primaryId(),
    tokenHash: hash().unique(),
    userId: ref().index(),
    expiresAt: at(),
    usedAt: at().nullable(),
  },
});
export const Certificate = defineEntity({
  name: 'Certificate',
  tableName: 'certificate',
  properties: {
    id: primaryId(),
    userId: ref().index(),
    organizationId: ref().index(),
    fingerprint: hash().unique(),
    usage: word(),
    subject: line(),
    der: long(),
    notAfter: at(),
    createdAt: at(),
  },
});
export const Session = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    id: primaryId(),
    tokenHash: hash().unique(),
    userId: ref().index(),
    organizationId: ref().nullable(),
    role: word().nullable(),
    factors: json<string[]>(),
    createdAt: at(),
    expiresAt: at(),
    endedAt: at().nullable(),
  },
});
export const Challenge = defineEntity({
  name: 'Challenge',
  tableName: 'challenge',
  properties: {
    id: primaryId(),
    kind: word(),
    challenge: p.string().length(200).index(),
    userId: ref().nullable(),
    expiresAt: at(),
    usedAt: at().nullable(),
  },
});
export const Inbox = defineEntity({
  name: 'Inbox',
  tableName: 'inbox',
  indexes: [{ properties: ['userId', 'at'] }],
  properties: {
    id: primaryId(),
    userId: ref(),
    event: word(),
    tenderId: ref().nullable(),
    subject: json(),
    text: json(),
    at: at(),
    readAt: at().nullable(),
  },
});
export const Delivery = defineEntity({
  name: 'Delivery',
  tableName: 'delivery',
  indexes: [{ properties: ['state', 'nextAttemptAt'] }],
  properties: {
    id: primaryId(),
    dedupe: line().unique(),
    channel: word(),
    recipient: line(),
    subject: line(),
    text: long(),
    state: word(),
    attempts: p.integer(),
    nextAttemptAt: at(),
    createdAt: at(),
  },
});
export const Job = defineEntity({
  name: 'Job',
  tableName: 'job',
  indexes: [{ properties: ['state', 'runAt'] }],
  properties: {
    id: primaryId(),
    kind: word(),
    dedupe: line().unique(),
    payload: json(),
    state: word(),
    attempts: p.integer(),
    runAt: at(),
    lastError: long().nullable(),
    createdAt: at(),
  },
});
export const Setting = defineEntity({
  name: 'Setting',
  tableName: 'setting',
  properties: { id: p.string().length(64).primary(), value: json() },
});
