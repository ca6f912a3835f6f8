import { DomainError, formatInstant, instant, toHex, utf8 } from '@qej/kernel';
import { parseCertificate } from '@qej/pki';
import { toBase64 } from '@qej/kernel';
import { isFullySigned, signaturesOf } from '../documents/create-document.ts';
import type { DocumentRecord, TenderRecord } from '../records.ts';
import { jsonMember } from './json-member.ts';
import type { ArchiveMember, ArchivePorts, ArchiveProfile } from './ports.ts';

const at = (ms: number): string => formatInstant(instant(ms));

/** Notice bytes and the agency's signature. @throws DomainError `E_STATE` for a tender that was never published */
export function collectNotice(record: TenderRecord): ArchiveMember[] {
  const cms = record.course['publicationCms'];
  if (record.notice === null || record.publishedAt === null || typeof cms !== 'string')
    throw new DomainError('E_STATE', { detail: 'the tender was never published' });
  return [
    { path: 'notice.json', bytes: utf8(record.notice) },
    jsonMember('publication.json', { cms, at: at(record.publishedAt) }),
  ];
}

const listed = (row: DocumentRecord) => ({
  documentId: row.id,
  kind: row.kind,
  name: row.name,
  mediaType: row.mediaType,
  sha256: row.sha256,
  length: row.bytes,
  included: true,
  signatures: signaturesOf(row).map(({ field, name, at: signedAt }) => ({ field, name, at: signedAt })),
});

/** Papers as they were signed: all of them, or those that are public. */
export async function collectDocuments(
  { db, blobs }: ArchivePorts,
  record: TenderRecord,
  profile: ArchiveProfile,
): Promise<ArchiveMember[]> {
  const rows = await db.read((tx) => tx.documents.list({ tenderId: record.id }, { orderBy: { createdAt: 'asc' } }));
  const shown = rows.filter((row) => isFullySigned(row) && (profile === 'full' || row.audience === 'public'));
  const files = new Map<string, ArchiveMember>();
  for (const { sha256 } of shown)
    if (!files.has(sha256)) files.set(sha256, { path: `documents/${sha256}`, bytes: await blobs.get(sha256) });
  return [jsonMember('documents.json', { documents: shown.map(listed) }), ...files.values()];
}

/** What a verifier needs beside its own roots: intermediates, lists as of now, the time-stamp authority. Roots are only named. */
export async function collectTrust({ trust }: ArchivePorts): Promise<ArchiveMember> {
  const { roots, intermediates, tsaCertificates } = trust.publicTrust;
  const named = [];
  for (const root of roots) {
    const digest = await globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(root));
    named.push({ subject: parseCertificate(root).subject.commonName ?? '', sha256: toHex(new Uint8Array(digest)) });
  }
  return jsonMember('trust.json', {
    roots: named,
    intermediates: intermediates.map(toBase64),
    crls: (await trust.publicTrust.crls()).map(toBase64),
    tsaCertificates: tsaCertificates.map(toBase64),
  });
}
