import { canonicalBytes, equalBytes, fromHex, lengthValue, parseCanonical, type Json } from '@qej/kernel';
import type { Core } from './core.ts';
import { refusal } from './errors.ts';
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

/**
 * After the caller verified the CMS: the signer owns this bid, and the manifest speaks of this container.
 * @throws DomainError `E_OWNER_COMMIT`, `E_MANIFEST`, `E_BID_ROOT` (fault bidder)
 */
export async function checkManifest(
  provider: CryptoProvider,
  of: Manifest,
  against: {
    readonly core: Core;
    readonly signerCertificate: Uint8Array;
    readonly bidRoot: string;
    readonly stageCount: number;
  },
): Promise<void> {
  const { core } = against;
  const owner = await ownerCommitOf(provider, against.signerCertificate, fromHex(of.ownerSalt));
  if (!equalBytes(owner, fromHex(core.ownerCommit))) throw refusal('E_OWNER_COMMIT', { fault: 'bidder' });
  for (const name of ['noticeHash', 'lotId', 'bidNonce', 'capKey'] as const) {
    if (of[name] !== core[name])
      throw refusal('E_MANIFEST', { detail: name, fault: 'bidder', params: { member: name } });
  }
  if (of.stageRoots.length !== against.stageCount)
    throw refusal('E_MANIFEST', { detail: 'stageRoots', fault: 'bidder', params: { member: 'stageRoots' } });
  if (of.bidRoot !== against.bidRoot)
    throw refusal('E_BID_ROOT', { detail: 'manifest and seal message differ', fault: 'bidder' });
}
