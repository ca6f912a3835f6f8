import { parseCheckpoint, parseReceiptPackage, verifyReceiptPackage } from '@qej/evidence';
import { verifyPdf } from '@qej/documents';
import { formatInstant, toHex } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { parseCertificate, parseCrl, verifyChain, verifyTimestamp } from '@qej/pki';

import { refuse } from './codes.ts';
import { isArchive } from './container.ts';
import { readCertificates, readPolicy } from './policy.ts';
import type { VerifyPolicy } from './policy.ts';
import { runStep } from './report.ts';
import type { LocalText, StepReport } from './report.ts';
import { pdfCmsVerifier } from './steps/documents.ts';
import { makeTrustSet, signerFact, verifyAct } from './trust-set.ts';
import type { TrustSet } from './trust-set.ts';
import { verifyArchive } from './verify-archive.ts';
import type { ArchiveFacts } from './verify-archive.ts';

export const fileKinds = ['archive', 'receipt', 'pdf', 'certificate'] as const;
export type FileKind = (typeof fileKinds)[number];

export interface FileVerdict {
  readonly kind: FileKind;
  readonly ok: boolean;
  readonly steps: readonly StepReport[];
  readonly facts: ArchiveFacts | Readonly<Record<string, unknown>> | undefined;
  /** Nobody gave a revocation list: whether a certificate was revoked is not known. */
  readonly revocationUnchecked: boolean;
}

/** By its first bytes, never by its name. @throws DomainError `E_VERIFY_INPUT` */
export function kindOf(bytes: Uint8Array): FileKind {
  const start = String.fromCharCode(...bytes.subarray(0, 32));
  if (isArchive(bytes)) return 'archive';
  if (start.startsWith('%PDF-')) return 'pdf';
  if (start.startsWith('{')) return 'receipt';
  if (bytes[0] === 0x30 || start.startsWith('-----BEGIN CERT')) return 'certificate';
  return refuse('E_VERIFY_INPUT', 'neither archive, receipt, PDF nor certificate');
}

function ownTrust(policy: VerifyPolicy): TrustSet {
  const { roots, tsaPolicies } = readPolicy(policy);
  const crls = (policy.crls ?? []).map(parseCrl);
  const intermediates = (policy.intermediates ?? []).map(parseCertificate);
  return makeTrustSet({ roots, tsaPolicies }, { intermediates, crls: crls.length === 0 ? 'not-checked' : crls });
}

type Single = Pick<FileVerdict, 'ok' | 'steps' | 'facts'>;

async function one(
  step: { readonly id: string; readonly title: LocalText },
  work: () => Promise<{ readonly detail: string; readonly facts: Readonly<Record<string, unknown>> }>,
): Promise<Single> {
  const { report, value } = await runStep(step, async () => {
    const { detail, facts } = await work();
    return { value: facts, detail };
  });
  return { ok: report.ok, steps: [report], facts: value };
}

/** A bidder's receipt package: signature, time stamp, and the way into a cosigned log. */
async function verifyReceiptFile(bytes: Uint8Array, policy: VerifyPolicy): Promise<Single> {
  const trust = ownTrust(policy);
  return one({ id: 'receipt', title: { zh: '投标回执', en: 'Receipt' } }, async () => {
    const pack = parseReceiptPackage(bytes);
    if (pack.tick !== undefined && policy.logKey === undefined)
      refuse('E_VERIFY_POLICY', "the log's verifier key is needed: --log VKEY");
    const origin = pack.tick === undefined ? '' : parseCheckpoint(pack.tick.checkpoint).head.origin;
    const stamp = await verifyTimestamp({ token: pack.timestampToken, content: pack.receipt, ...trust.timestamp });
    const checked = await verifyReceiptPackage(bytes, {
      verifyCms: (cms, content) => verifyAct(trust, { purpose: 'qej-receipt/1', content, cms, at: stamp.genTime }),
      verifyTimestamp: async () => ({ at: stamp.genTime, accuracyMs: stamp.accuracyMs ?? 0, independent: false }),
      witnessPolicy: { ...policy, origin, logKey: policy.logKey ?? '' },
      maxTimestampDelayMs: policy.maxTimestampDelayMs ?? 60_000,
      requireTick: true,
    });
    const { receipt, signer } = checked;
    const receivedAt = formatInstant(receipt.receivedAt);
    return {
      detail: `${receivedAt}, ${signer.organization}`,
      facts: {
        messageHash: toHex(receipt.messageHash),
        receivedAt,
        lotId: receipt.lotId,
        signedBy: signer.organization,
      },
    };
  });
}

/** Signatures of a PDF, and that nothing follows them. */
async function verifyPdfFile(bytes: Uint8Array, policy: VerifyPolicy): Promise<Single> {
  const trust = ownTrust(policy);
  return one({ id: 'pdf', title: { zh: 'PDF 签章', en: 'PDF signatures' } }, async () => {
    const verdict = await verifyPdf(bytes, { verifyCms: pdfCmsVerifier(trust, () => undefined) });
    if (!verdict.valid) refuse('E_ARCHIVE_PDF', verdict.failures.join('; '));
    const signatures = verdict.signatures.map(({ fieldName, signer }) => ({
      fieldName,
      name: signer?.name ?? '',
      organization: signer?.organization ?? '',
    }));
    return { detail: signatures.map(({ name }) => name).join('、'), facts: { signatures } };
  });
}

/** Chain of a certificate as of `at`. */
async function verifyCertificateFile(bytes: Uint8Array, policy: VerifyPolicy, at: Instant): Promise<Single> {
  const trust = ownTrust(policy);
  return one({ id: 'certificate', title: { zh: '证书链', en: 'Certificate chain' } }, async () => {
    const [leaf] = bytes[0] === 0x30 ? [parseCertificate(bytes)] : readCertificates(bytes);
    if (leaf === undefined) return refuse('E_VERIFY_INPUT', 'no certificate');
    const usage =
      leaf.keyUsage.includes('keyAgreement') || leaf.keyUsage.includes('keyEncipherment') ? 'encrypt' : 'sign';
    await verifyChain({ leaf, ...trust, at, usage });
    const { certificate: _der, ...facts } = signerFact(leaf);
    return { detail: `${facts.name}, ${facts.organization}`, facts };
  });
}

/**
 * Checks one file by its content: archive, receipt package, signed PDF, certificate. Offline.
 * @throws DomainError `E_VERIFY_POLICY`, `E_VERIFY_INPUT`
 */
export async function verifyFile(bytes: Uint8Array, policy: VerifyPolicy, at: Instant): Promise<FileVerdict> {
  const kind = kindOf(bytes);
  if (kind === 'archive') return { kind, ...(await verifyArchive(bytes, policy, at)), revocationUnchecked: false };
  const verify = { receipt: verifyReceiptFile, pdf: verifyPdfFile, certificate: verifyCertificateFile }[kind];
  const revocationUnchecked = (policy.crls ?? []).length === 0;
  return { kind, ...(await verify(bytes, policy, at)), revocationUnchecked };
}
