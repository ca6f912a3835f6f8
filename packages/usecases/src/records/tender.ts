import type { Json } from '@qej/kernel';

export interface TenderRecord {
  id: string;
  code: string;
  state: string;
  version: number;
  agencyOrganizationId: string;
  tendereeOrganizationId: string;
  createdBy: string;
  /** What the agency wrote (contract: zTenderDraft). */
  draft: Json;
  /** Canonical notice bytes as text, frozen; null while a draft. */
  notice: string | null;
  noticeHash: string | null;
  lotId: string;
  deadline: number;
  publishedAt: number | null;
  /** Earliest due event; null when nothing is due. */
  nextCheckAt: number | null;
  retenderOf: string | null;
  /** Facts of the procedure that were recorded as it went on: closing, opening, committee, result (each module owns a member). */
  course: Record<string, Json>;
  createdAt: number;
  updatedAt: number;
}

export interface AcceptanceRecord {
  id: string;
  tenderId: string;
  lotId: string;
  stage: string;
  holderId: string;
  publicKey: string;
  acceptance: string;
  cms: string;
  proof: string;
  acceptedAt: number;
}

export interface ReleaseRecord {
  id: string;
  tenderId: string;
  lotId: string;
  stage: string;
  holderId: string;
  scalar: string;
  release: string;
  cms: string;
  releasedAt: number;
}

export interface DocumentRecord {
  id: string;
  tenderId: string | null;
  organizationId: string | null;
  kind: string;
  name: string;
  mediaType: string;
  sha256: string;
  bytes: number;
  audience: string;
  signatures: Json;
  requiredSigners: Json;
  createdAt: number;
}

export interface PreparationRecord {
  id: string;
  documentId: string;
  userId: string;
  preparedSha256: string;
  byteRange: Json;
  digest: string;
  fieldName: string;
  expiresAt: number;
  usedAt: number | null;
}

export interface SubscriptionRecord {
  id: string;
  tenderId: string;
  userId: string;
  createdAt: number;
}
