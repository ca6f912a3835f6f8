import { canonicalBytes, equalBytes, fromHex, lengthValue, parseCanonical, toHex, type Json } from '@qej/kernel';
import type { Core } from './core.ts';
import { refusal } from './errors.ts';
import { bidRootOf } from './leaf-tree.ts';
import { label } from './labels.ts';
import type { CryptoProvider } from './provider.ts';
import { closed, hash32, id, list, point65, version, type ReadBy } from './schema.ts';
import { contentStages } from './stages.ts';

const manifest = closed({
  v: version(1),
  noticeHash: hash32,
  lotId: id,
  bidNonce: hash32,
  capKey: point65,
  bidRoot: hash32,
  stageRoots: list(hash32, contentStages.length),
  ownerSalt: hash32,
  priceCommit: list(hash32, 1),
});

/** What the bidder signs (CMS, made and checked by the caller). stageRoots in content order; priceCommit empty without a price stage. */
export type Manifest = ReadBy<typeof manifest>;

export const encodeManifest = (of: Manifest): Uint8Array<ArrayBuffer> => canonicalBytes(of);

/** @throws DomainError `E_FORMAT`, `E_VERSION` */
export const parseManifest = (bytes: Uint8Array): Manifest => manifest(parseCanonical(bytes), 'manifest');

/** ownerCommit = H(L("owner") ‖ LV(DER of the signing certificate) ‖ salt). */
export const ownerCommitOf = (
  provider: CryptoProvider,
  certificate: Uint8Array,
  salt: Uint8Array,
): Promise<Uint8Array> => provider.hash(label(provider, 'owner'), lengthValue(certificate), salt);

/** priceCommit = H(L("price") ‖ ctx_price ‖ LV(canonical price JSON) ‖ salt). */
export const priceCommitOf = (
  provider: CryptoProvider,
  ctx: Uint8Array,
  price: Json,
  salt: Uint8Array,
): Promise<Uint8Array> => provider.hash(label(provider, 'price'), ctx, lengthValue(canonicalBytes(price)), salt);

/** The opened register as far as a manifest must agree with it. */
export interface ManifestContext {
  readonly header: { readonly core: Core };
  readonly ctx: Uint8Array;
  readonly record: { readonly stages: readonly unknown[] };
  readonly message: { readonly body: { readonly bidRoot: string } };
}

/**
 * After the caller verified the CMS: the signer owns this bid, and manifest, container and seal message agree.
 * @param signerCertificate DER of the certificate that verified the CMS
 * @throws DomainError `E_OWNER_COMMIT`, `E_MANIFEST`, `E_BID_ROOT` (fault bidder)
 */
export async function checkManifest(
  provider: CryptoProvider,
  of: Manifest,
  register: ManifestContext,
  signerCertificate: Uint8Array,
): Promise<void> {
  const { core } = register.header;
  const refuse = (member: string): never => {
    throw refusal('E_MANIFEST', { detail: member, fault: 'bidder', params: { member } });
  };
  const owner = await ownerCommitOf(provider, signerCertificate, fromHex(of.ownerSalt));
  if (!equalBytes(owner, fromHex(core.ownerCommit))) throw refusal('E_OWNER_COMMIT', { fault: 'bidder' });
  for (const name of ['noticeHash', 'lotId', 'bidNonce', 'capKey'] as const) if (of[name] !== core[name]) refuse(name);
  if (of.stageRoots.length !== register.record.stages.length) refuse('stageRoots');
  const root = await bidRootOf(provider, register.ctx, of.stageRoots.map(fromHex));
  if (of.bidRoot !== register.message.body.bidRoot || of.bidRoot !== toHex(root)) {
    throw refusal('E_BID_ROOT', { fault: 'bidder' });
  }
}
