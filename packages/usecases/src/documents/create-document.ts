import { newId } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import type { BlobStore, Transaction } from '../ports.ts';
import type { DocumentRecord } from '../records.ts';

/** Somebody who has to sign, and where in the PDF. */
export interface RequiredSigner {
  /** Unique in the document, also the name of the signature field. */
  readonly field: string;
  readonly role: string;
  /** Either a person or anybody of the organisation in that role. */
  readonly userId?: string;
  readonly organizationId?: string;
  readonly anchor: string;
  readonly reason: string;
  /** `seal` draws an organisation's round seal, `person` a signature box. */
  readonly look: 'seal' | 'person';
}
export interface DocumentSignature {
  readonly field: string;
  readonly name: string;
  readonly organization: string;
  readonly fingerprint: string;
  readonly at: string;
}

/** `public`; `staff` (agency, tenderee, supervisor); `committee` (staff and the committee); `organization` (staff and that one). */
export type Audience = 'public' | 'staff' | 'committee' | 'organization';

export interface NewDocument {
  readonly tenderId?: string;
  readonly organizationId?: string;
  readonly kind:
    | 'tender-document'
    | 'attachment'
    | 'opening-record'
    | 'report'
    | 'award-notice'
    | 'score-letter'
    | 'termination-notice'
    | 'certificate'
    | 'receipt'
    | 'credit-letter';
  readonly name: string;
  readonly mediaType?: string;
  readonly bytes: Uint8Array;
  readonly audience: Audience;
  readonly signers?: readonly RequiredSigner[];
  readonly at: Instant;
}

export const signersOf = (row: DocumentRecord): readonly RequiredSigner[] =>
  row.requiredSigners as unknown as readonly RequiredSigner[]; // written by storeDocument alone
export const signaturesOf = (row: DocumentRecord): readonly DocumentSignature[] =>
  row.signatures as unknown as readonly DocumentSignature[]; // written by completeSignature alone
export const isFullySigned = (row: DocumentRecord): boolean => {
  const signed = new Set(signaturesOf(row).map(({ field }) => field));
  return signersOf(row).every(({ field }) => signed.has(field));
};

/** Puts the bytes away (outside any transaction: it syncs a file) and gives the row to insert. */
export async function storeDocument(blobs: BlobStore, document: NewDocument): Promise<DocumentRecord> {
  const { sha256, bytes } = await blobs.put(document.bytes);
  return {
    id: newId(),
    tenderId: document.tenderId ?? null,
    organizationId: document.organizationId ?? null,
    kind: document.kind,
    name: document.name,
    mediaType: document.mediaType ?? 'application/pdf',
    sha256,
    bytes,
    audience: document.audience,
    signatures: [],
    requiredSigners: (document.signers ?? []) as unknown as Json,
    createdAt: document.at,
  };
}

/** Replaces an unsigned document of the same kind and name: a draft that is rendered again. */
export async function putDocument(tx: Transaction, row: DocumentRecord): Promise<DocumentRecord> {
  if (row.tenderId !== null) {
    const earlier = await tx.documents.list({ tenderId: row.tenderId, kind: row.kind, name: row.name });
    for (const old of earlier) if (signaturesOf(old).length === 0) await tx.documents.remove({ id: old.id });
  }
  return tx.documents.insert(row);
}
