import { completeSignature, prepareSignature } from '@qej/documents';
import type { ByteRange, SignatureRequest } from '@qej/documents';
import { DomainError, formatInstant, fromBase64, fromHex, instant, newId, plusMs, toHex } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import type { AuthenticatedContext, Handlers } from '../handlers.ts';
import type { BasePorts, Caller, MaybeCaller, PlatformTrust, Transaction } from '../ports.ts';
import type { DocumentRecord } from '../records.ts';
import { isFullySigned, signaturesOf, signersOf } from './create-document.ts';
import type { DocumentSignature, RequiredSigner } from './create-document.ts';

export interface DocumentPorts extends BasePorts {
  readonly trust: PlatformTrust;
}

const HOLD_MS = 120_000;

const isSigner = (signer: RequiredSigner, caller: Caller): boolean =>
  signer.role === caller.role &&
  (signer.userId === undefined || signer.userId === caller.userId) &&
  (signer.organizationId === undefined || signer.organizationId === caller.organizationId);

/** The field that this caller still has to sign. */
function openField(row: DocumentRecord, caller: Caller): RequiredSigner | undefined {
  const signed = new Set(signaturesOf(row).map(({ field }) => field));
  return signersOf(row).find((signer) => isSigner(signer, caller) && !signed.has(signer.field));
}

export const viewDocument = (row: DocumentRecord, caller: MaybeCaller) => ({
  documentId: row.id,
  kind: row.kind as 'tender-document',
  name: row.name,
  sha256: row.sha256,
  bytes: row.bytes,
  mediaType: row.mediaType,
  signatures: signaturesOf(row).map(({ name, at }) => ({ name, at })),
  mine: caller !== undefined && openField(row, caller) !== undefined,
});

/** Who may read a document: the audience of the row, or somebody who has to sign it. */
export async function mayRead(tx: Transaction, row: DocumentRecord, caller: MaybeCaller): Promise<boolean> {
  if (row.audience === 'public')
    return isFullySigned(row) || (caller !== undefined && (await isStaff(tx, row, caller)));
  if (caller === undefined) return false;
  if (signersOf(row).some((signer) => isSigner(signer, caller))) return true;
  if (row.organizationId !== null && row.organizationId === caller.organizationId) return true;
  if (await isStaff(tx, row, caller)) return true;
  return row.audience === 'committee' && (await isMember(tx, row, caller));
}

async function isStaff(tx: Transaction, row: DocumentRecord, caller: Caller): Promise<boolean> {
  if (caller.role === 'supervisor') return true;
  if (row.tenderId === null || (caller.role !== 'agency' && caller.role !== 'tenderee')) return false;
  const tender = await tx.tenders.get({ id: row.tenderId });
  return (
    (caller.role === 'agency' ? tender.agencyOrganizationId : tender.tendereeOrganizationId) === caller.organizationId
  );
}

async function isMember(tx: Transaction, row: DocumentRecord, caller: Caller): Promise<boolean> {
  if (caller.role !== 'expert' || row.tenderId === null) return false;
  const expert = await tx.experts.find({ userId: caller.userId });
  return (
    expert !== undefined &&
    (await tx.seats.find({
      tenderId: row.tenderId,
      expertId: expert.id,
      state: ['signed-in', 'declared', 'released'],
    })) !== undefined
  );
}

function requestOf(
  signer: RequiredSigner,
  who: { readonly name: string; readonly organization: string },
  at: Instant,
): SignatureRequest {
  const look: NonNullable<SignatureRequest['visible']>['look'] =
    signer.look === 'seal' ? { kind: 'seal', organisation: who.organization } : { kind: 'person', name: who.name, at };
  return {
    fieldName: signer.field,
    signerName: who.name,
    reason: signer.reason,
    at,
    visible: { place: { anchor: signer.anchor }, look },
  };
}

/** One signature at a time: a preparation holds the document for two minutes. @throws DomainError `E_SIGNING_BUSY` */
async function hold(tx: Transaction, row: DocumentRecord, caller: Caller, now: Instant): Promise<void> {
  const others = await tx.preparations.list({ documentId: row.id, usedAt: null });
  if (others.some(({ userId, expiresAt }) => userId !== caller.userId && expiresAt > now))
    throw new DomainError('E_SIGNING_BUSY');
  for (const own of others) own.usedAt = now;
}

async function openDocument(
  ports: DocumentPorts,
  documentId: string,
  caller: Caller,
): Promise<{ row: DocumentRecord; signer: RequiredSigner; organization: string }> {
  return ports.db.read(async (tx) => {
    const row = await tx.documents.get({ id: documentId });
    if (!(await mayRead(tx, row, caller))) throw new DomainError('E_NOT_FOUND');
    const signer = openField(row, caller);
    if (signer === undefined)
      throw new DomainError(signersOf(row).some((one) => isSigner(one, caller)) ? 'E_ALREADY_SIGNED' : 'E_FORBIDDEN');
    const organization = (await tx.organizations.get({ id: caller.organizationId })).name;
    return { row, signer, organization };
  });
}

async function prepare(
  ports: DocumentPorts,
  documentId: string,
  certificate: string,
  { caller, now }: AuthenticatedContext,
) {
  const { row, signer, organization } = await openDocument(ports, documentId, caller);
  const who = await ports.trust.checkCertificate({ certificate: fromBase64(certificate), usage: 'sign', at: now });
  const pdf = await ports.blobs.get(row.sha256);
  const { prepared, byteRange, digest } = prepareSignature(
    pdf,
    requestOf(signer, { name: who.commonName, organization }, now),
  );
  const { sha256 } = await ports.blobs.put(prepared);
  const id = newId();
  await ports.db.transaction('document:prepare', async (tx) => {
    const locked = await tx.documents.lock({ id: documentId });
    if (locked.sha256 !== row.sha256) throw new DomainError('E_SIGNING_BUSY');
    await hold(tx, locked, caller, now);
    await tx.preparations.insert({
      id,
      documentId,
      userId: caller.userId,
      preparedSha256: sha256,
      byteRange: byteRange as unknown as Json,
      digest: toHex(digest),
      fieldName: signer.field,
      expiresAt: plusMs(now, HOLD_MS),
      usedAt: null,
    });
  });
  return {
    preparationId: id,
    digest: toHex(digest),
    title: { zh: `${row.name} · ${signer.reason}`, en: `Sign ${row.name}` },
  };
}

async function complete(
  ports: DocumentPorts,
  documentId: string,
  body: { preparationId: string; cms: string },
  { caller, now }: AuthenticatedContext,
) {
  const { row, organization } = await openDocument(ports, documentId, caller);
  const preparation = await ports.db.read((tx) =>
    tx.preparations.get({ id: body.preparationId, documentId, userId: caller.userId }),
  );
  if (preparation.usedAt !== null || preparation.expiresAt < now)
    throw new DomainError('E_SIGNING_BUSY', { detail: 'the preparation has expired, prepare again' });
  const cms = fromBase64(body.cms);
  const who = await ports.trust.verifyPdfCms({ digest: fromHex(preparation.digest), cms, at: now });
  const signed = completeSignature(
    await ports.blobs.get(preparation.preparedSha256),
    preparation.byteRange as unknown as ByteRange,
    cms,
  );
  const { sha256, bytes } = await ports.blobs.put(signed);
  const saved = await ports.db.transaction('document:sign', async (tx) => {
    const bound = await tx.certificates.find({ fingerprint: who.fingerprint, userId: caller.userId });
    if (bound === undefined) throw new DomainError('E_CERT_UNBOUND');
    const locked = await tx.documents.lock({ id: documentId });
    if (locked.sha256 !== row.sha256) throw new DomainError('E_SIGNING_BUSY');
    (await tx.preparations.lock({ id: preparation.id })).usedAt = now;
    const signature: DocumentSignature = {
      field: preparation.fieldName,
      name: who.commonName,
      organization,
      fingerprint: who.fingerprint,
      at: formatInstant(instant(now)),
    };
    locked.sha256 = sha256;
    locked.bytes = bytes;
    locked.signatures = [...signaturesOf(locked), signature] as unknown as Json;
    return { ...locked };
  });
  if (row.tenderId !== null) ports.live.publish({ tenderId: row.tenderId, topic: 'tender' });
  return viewDocument(saved, caller);
}

/** Download, and signing by people: prepare → the keyring signs the digest → complete. */
export function makeDocumentHandlers(
  ports: DocumentPorts,
): Handlers<'getDocument' | 'prepareSignature' | 'completeSignature'> {
  return {
    getDocument: async ({ params }, { caller }) => {
      const row = await ports.db.read(async (tx) => {
        const found = await tx.documents.get({ id: params.documentId });
        if (!(await mayRead(tx, found, caller))) throw new DomainError('E_NOT_FOUND');
        return found;
      });
      return ports.blobs.get(row.sha256);
    },
    prepareSignature: ({ params, body }, context) => prepare(ports, params.documentId, body.certificate, context),
    completeSignature: ({ params, body }, context) => complete(ports, params.documentId, body, context),
  };
}
