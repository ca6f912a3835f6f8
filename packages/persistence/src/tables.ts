import type { EntityManager, EntitySchema } from '@mikro-orm/core';
import type { Tables } from '@qej/usecases';
import * as identity from './entities/identity.ts';
import * as sealing from './entities/sealing.ts';
import * as tender from './entities/tender.ts';
import { makeRepository } from './repository.ts';

/** Every table by its name in the port. */
export const tableEntities = {
  organizations: identity.Organization,
  users: identity.User,
  memberships: identity.Membership,
  mandates: identity.Mandate,
  passkeys: identity.Passkey,
  enrolments: identity.Enrolment,
  certificates: identity.Certificate,
  sessions: identity.Session,
  challenges: identity.Challenge,
  inbox: identity.Inbox,
  deliveries: identity.Delivery,
  jobs: identity.Job,
  settings: identity.Setting,
  tenders: tender.Tender,
  acceptances: tender.Acceptance,
  releases: tender.Release,
  documents: tender.Document,
  preparations: tender.Preparation,
  subscriptions: tender.Subscription,
  bids: tender.Bid,
  experts: tender.Expert,
  seats: tender.Seat,
  sheets: tender.Sheet,
  recordings: tender.Recording,
  tokenGrants: sealing.TokenGrant,
  spentTokens: sealing.SpentToken,
  wallets: sealing.Wallet,
  seals: sealing.Seal,
  acts: sealing.Act,
  guaranteeOrders: sealing.GuaranteeOrder,
  guaranteeEvents: sealing.GuaranteeEvent,
  bankNonces: sealing.BankNonce,
  revealedGuarantees: sealing.RevealedGuarantee,
  logEntries: sealing.LogEntry,
  logTiles: sealing.LogTile,
  checkpoints: sealing.Checkpoint,
} as const satisfies Record<keyof Tables, unknown>;

/** The repositories of one transaction. */
export function tablesOf(em: EntityManager): Tables {
  const tables = Object.entries(tableEntities).map(([name, entity]) => [
    name,
    makeRepository(em, entity as unknown as EntitySchema<Record<string, unknown>>),
  ]);
  // Keys are those of tableEntities, which `satisfies` compares with the port.
  return Object.fromEntries(tables) as unknown as Tables;
}
