import type { Json } from '@qej/kernel';

export interface TokenGrantRecord {
  id: string;
  userId: string;
  week: string;
  issued: number;
}

export interface SpentTokenRecord {
  id: string;
  tokenHash: string;
  sessionHash: string;
  quota: number;
  used: number;
  expiresAt: number;
}

export interface WalletRecord {
  id: string;
  userId: string;
  blob: string;
  updatedAt: number;
}

/** Nothing here names a bidder: only the register opening does. */
export interface SealRecord {
  id: string;
  lotId: string;
  opaqueId: string;
  messageHash: string;
  registerHash: string;
  message: string;
  receivedAt: number;
  receiptCms: string;
  timestampToken: string;
  superseded: boolean;
  withdrawn: boolean;
}

/** An act waiting for, or placed in, a tick. */
export interface ActRecord {
  id: string;
  actHash: string;
  salt: string;
  tickSeq: number | null;
  slot: number | null;
}

export interface BidRecord {
  id: string;
  tenderId: string;
  lotId: string;
  messageHash: string;
  organizationId: string;
  state: string;
  register: Json;
  deposit: Json;
  fault: Json;
  halves: Json;
  opened: Json;
  confirmation: Json;
  order: number;
}
