import { completeSignature, prepareSignature } from '@qej/documents';
import { DomainError, instant, toHex } from '@qej/kernel';
import type { Clock } from '@qej/kernel';
import { getPurpose, OID, parseCertificate, signCms, verifyChain, verifyCms } from '@qej/pki';
import type { Certificate, Crl, Purpose, Signer } from '@qej/pki';
import type { LocalCa, Tsa } from '@qej/trust';
import type { PlatformTrust, VerifiedSigner } from '@qej/usecases';
import { createHash } from 'node:crypto';

export interface PlatformTrustDeps {
  readonly ca: LocalCa;
  readonly seal: Signer;
  readonly tsa: Tsa;
  readonly tsaCertificates: readonly Certificate[];
  readonly clock: Clock;
}

type Bytes = Uint8Array<ArrayBuffer>;
const sha256 = (bytes: Uint8Array): Bytes => new Uint8Array(createHash('sha256').update(bytes).digest());
/** Revocation lists are renewed weekly; reading them once a minute is enough, a revocation shows within it. */
const CRL_CACHE_MS = 60_000;

export const describeSigner = (certificate: Certificate): VerifiedSigner => ({
  fingerprint: toHex(sha256(certificate.der)),
  certificate: new Uint8Array(certificate.der),
  commonName: certificate.subject.commonName ?? '',
  organization: certificate.subject.organization ?? '',
  uscc: certificate.subject.uscc ?? '',
});

function makeCrlCache({ ca, clock }: PlatformTrustDeps): () => Promise<readonly Crl[]> {
  let cached: { readonly at: number; readonly crls: Promise<readonly Crl[]> } | undefined;
  return () => {
    const now = clock.now();
    if (cached === undefined || now - cached.at > CRL_CACHE_MS) cached = { at: now, crls: ca.crls() };
    return cached.crls;
  };
}

/** The seal, the stand-in time stamp authority and the judgement on signatures, over the local authority. */
export function makePlatformTrust(deps: PlatformTrustDeps): PlatformTrust {
  const { ca, seal, tsa } = deps;
  const crls = makeCrlCache(deps);
  const timestamp = (digest: Uint8Array): Promise<Bytes> =>
    tsa.timestamp(digest).then((token) => new Uint8Array(token));
  const judge = async (request: {
    readonly cms: Uint8Array;
    readonly eContentType: string;
    readonly at: number;
    readonly content?: Uint8Array;
    readonly contentDigest?: Uint8Array;
  }): Promise<VerifiedSigner> => {
    const { at, ...rest } = request;
    const verified = await verifyCms({
      ...rest,
      roots: ca.roots,
      intermediates: ca.intermediates,
      crls: await crls(),
      at: instant(at),
      usage: 'sign',
    });
    return describeSigner(verified.signer);
  };
  return {
    sign: async (purpose, bytes) =>
      new Uint8Array(
        await signCms({
          content: bytes,
          detached: true,
          eContentType: getPurpose(purpose as Purpose).eContentType,
          signer: seal,
        }),
      ),
    timestamp: (bytes) => timestamp(sha256(bytes)),
    verify: ({ purpose, content, cms, at }) =>
      judge({
        cms,
        eContentType: getPurpose(purpose as Purpose).eContentType,
        at,
        ...(content === undefined ? {} : { content }),
      }),
    verifyPdfCms: ({ digest, cms, at }) => judge({ cms, contentDigest: digest, eContentType: OID.data, at }),
    checkCertificate: async ({ certificate, usage, at }) => {
      const leaf = parseCertificate(certificate);
      await verifyChain({
        leaf,
        intermediates: ca.intermediates,
        roots: ca.roots,
        crls: await crls(),
        at: instant(at),
        usage,
      });
      if (leaf.publicKey.kind !== 'ec-p256' && usage === 'encrypt')
        throw new DomainError('E_CERT_USAGE', { detail: 'encryption certificates hold a P-256 key' });
      const point =
        leaf.publicKey.kind === 'ec-p256' ? new Uint8Array(leaf.publicKey.point) : new Uint8Array(leaf.spki);
      return { ...describeSigner(leaf), notAfter: leaf.notAfter, publicKey: point };
    },
    sealPdf: async (pdf, { fieldName, reason, at, certify }) => {
      const organization = seal.certificate.subject.organization ?? '';
      const { prepared, byteRange, digest } = prepareSignature(pdf, {
        fieldName,
        signerName: organization,
        reason,
        at: instant(at),
        ...(certify === undefined ? {} : { certify }),
      });
      const cms = await signCms({ contentDigest: digest, eContentType: OID.data, signer: seal, timestamp });
      return new Uint8Array(completeSignature(prepared, byteRange, cms));
    },
    publicTrust: {
      roots: ca.roots.map(({ der }) => der),
      intermediates: ca.intermediates.map(({ der }) => der),
      crls: async () => (await crls()).map(({ der }) => der),
      tsaCertificates: deps.tsaCertificates.map(({ der }) => der),
    },
  };
}
