import { DomainError, equalBytes, formatInstant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Certificate } from './certificate.ts';
import type { PkiErrorCode } from './codes.ts';
import { checkRevocation } from './revocation.ts';
import type { Crl } from './crl.ts';
import { refuse } from './refuse.ts';
import { checkUsage } from './usage.ts';
import type { CertificateUsage } from './usage.ts';
import { isSignatureValid } from './verify-signature.ts';

export type ChainStep = 'path' | 'time' | 'constraints' | 'usage' | 'revocation';

export interface ChainRequest {
  readonly leaf: Certificate;
  /** Candidates from anywhere; only those that link leaf and root are looked at. */
  readonly intermediates?: readonly Certificate[];
  readonly roots: readonly Certificate[];
  /** Lists of every authority in the path, the root's included; 'not-checked' must be said aloud. */
  readonly crls: readonly Crl[] | 'not-checked';
  readonly at: Instant;
  readonly usage: CertificateUsage;
}

export interface StepResult {
  readonly step: ChainStep;
  readonly ok: boolean;
  readonly code?: PkiErrorCode;
  readonly detail?: string;
}

export interface ChainResult {
  /** Leaf first, root last. */
  readonly path: readonly Certificate[];
  readonly revocation: 'checked' | 'not-checked';
  readonly steps: readonly StepResult[];
}

export type ChainReport =
  | ({ readonly ok: true } & ChainResult)
  | { readonly ok: false; readonly code: PkiErrorCode; readonly detail: string; readonly steps: readonly StepResult[] };

const MAX_PATH = 6;

const sameName = (a: { der: Uint8Array }, b: { der: Uint8Array }): boolean => equalBytes(a.der, b.der);
const mayIssue = (issuer: Certificate, child: Certificate): boolean =>
  sameName(issuer.subject, child.issuer) &&
  (child.authorityKeyId === undefined ||
    issuer.subjectKeyId === undefined ||
    child.authorityKeyId === issuer.subjectKeyId);

const signed = (child: Certificate, issuer: Certificate): Promise<boolean> =>
  isSignatureValid(issuer.spki, child.signatureAlgorithm, child.tbs, child.signature);

/** Depth first from leaf to a root, checking each signature on the way. A root counts because it was given, not because it signs itself. */
async function buildPath(request: ChainRequest): Promise<readonly Certificate[]> {
  let sawBadSignature = false;
  const walk = async (path: readonly Certificate[]): Promise<readonly Certificate[] | undefined> => {
    const last = path.at(-1) ?? request.leaf;
    for (const root of request.roots) {
      if (equalBytes(root.der, last.der)) return path;
      if (!mayIssue(root, last)) continue;
      if (await signed(last, root)) return [...path, root];
      sawBadSignature = true;
    }
    if (path.length >= MAX_PATH) return undefined;
    for (const candidate of request.intermediates ?? []) {
      if (path.some((used) => equalBytes(used.der, candidate.der)) || !mayIssue(candidate, last)) continue;
      if (!(await signed(last, candidate))) {
        sawBadSignature = true;
        continue;
      }
      const found = await walk([...path, candidate]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const path = await walk([request.leaf]);
  if (path !== undefined) return path;
  return sawBadSignature
    ? refuse('E_CERT_SIGNATURE', 'a certificate in the path is not signed by its issuer')
    : refuse('E_CERT_UNKNOWN_ISSUER', 'no path to a trusted root');
}

function checkTime(path: readonly Certificate[], at: Instant): void {
  for (const certificate of path) {
    const who = certificate.subject.commonName ?? certificate.serial;
    if (at < certificate.notBefore)
      refuse('E_CERT_NOT_YET_VALID', `valid from ${formatInstant(certificate.notBefore)}`, { subject: who });
    // notAfter has whole seconds and includes its last one
    if (at > certificate.notAfter + 999)
      refuse('E_CERT_EXPIRED', `valid to ${formatInstant(certificate.notAfter)}`, { subject: who });
  }
}

function checkConstraints(path: readonly Certificate[]): void {
  for (const [index, certificate] of path.entries()) {
    if (certificate.unknownCritical.length > 0)
      refuse('E_CERT_EXTENSION', `critical extension ${certificate.unknownCritical.join(', ')}`);
    if (index === 0) continue;
    if (!certificate.isCa || !certificate.keyUsage.includes('keyCertSign'))
      refuse('E_CERT_CONSTRAINTS', 'issuer is not a certificate authority');
    if (certificate.pathLength !== undefined && index - 1 > certificate.pathLength)
      refuse('E_CERT_CONSTRAINTS', 'path is longer than its authority allows');
  }
}

async function runSteps(request: ChainRequest, steps: StepResult[]): Promise<readonly Certificate[]> {
  let path: readonly Certificate[] = [];
  const table: readonly [ChainStep, () => void | Promise<void>][] = [
    ['path', async () => void (path = await buildPath(request))],
    ['time', () => checkTime(path, request.at)],
    ['constraints', () => checkConstraints(path)],
    ['usage', () => checkUsage(request.leaf, request.usage)],
    [
      'revocation',
      () => (request.crls === 'not-checked' ? undefined : checkRevocation(path, request.crls, request.at)),
    ],
  ];
  for (const [step, run] of table) {
    try {
      await run();
    } catch (error) {
      if (error instanceof DomainError)
        steps.push({ step, ok: false, code: error.code as PkiErrorCode, detail: error.message }); // this package throws only its own codes
      throw error;
    }
    steps.push({ step, ok: true });
  }
  return path;
}

/**
 * Builds and judges the path at one instant: path (signatures), time, constraints, usage, revocation, in this order; the first failing step decides.
 * @throws DomainError `E_CERT_*`, `E_CRL_*`, `E_ALGORITHM`, `E_KEY_WEAK`
 */
export async function verifyChain(request: ChainRequest): Promise<ChainResult> {
  const steps: StepResult[] = [];
  const path = await runSteps(request, steps);
  return { path, revocation: request.crls === 'not-checked' ? 'not-checked' : 'checked', steps };
}

/** As `verifyChain`, but a refusal is a value with the steps that were reached, for a screen or a report. */
export async function checkChain(request: ChainRequest): Promise<ChainReport> {
  const steps: StepResult[] = [];
  try {
    const path = await runSteps(request, steps);
    return { ok: true, path, revocation: request.crls === 'not-checked' ? 'not-checked' : 'checked', steps };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { ok: false, code: error.code as PkiErrorCode, detail: error.message, steps }; // see runSteps
  }
}
