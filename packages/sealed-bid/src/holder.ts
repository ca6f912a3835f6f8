import { canonicalBytes, canonicalJson, fromHex, parseCanonical, toHex } from '@qej/kernel';
import { accessSets, checkHolderGroup, type HolderGroup } from './core.ts';
import { refusal } from './errors.ts';
import { purposeBytes } from './labels.ts';
import type { CryptoProvider } from './provider.ts';
import { closed, hash32, id, instantText, list, oneOf, point65, version, type ReadBy } from './schema.ts';
import { stages } from './stages.ts';

const ACCEPT_PURPOSE = 'qej-accept/1';

const acceptance = closed({
  v: version(1),
  noticeHash: hash32,
  lotId: id,
  stage: oneOf(stages),
  holderId: id,
  holders: list(id, 16),
  sets: accessSets,
  X: point65,
  acceptedAt: instantText,
});
const release = closed({
  v: version(1),
  noticeHash: hash32,
  lotId: id,
  stage: oneOf(stages),
  holderId: id,
  x: hash32,
  closingEntryHash: hash32,
});

/** A holder's promise for one stage of one lot: its one-time public key, all holders in order, all sets. */
export type Acceptance = ReadBy<typeof acceptance>;
/** Publishes the scalar for one stage against one closing entry (SHA-256 of the log entry, hex). */
export type Release = ReadBy<typeof release>;

/** What travels: canonical bytes, and ECDSA by x over "qej-accept/1" ‖ 0x00 ‖ bytes (64 bytes). The holder's CMS is the caller's. */
export interface SignedAcceptance {
  readonly bytes: Uint8Array;
  readonly proof: Uint8Array;
}

/** A fresh scalar (32 bytes) for one stage of one lot. */
export async function newHolderScalar(provider: CryptoProvider): Promise<Uint8Array> {
  for (;;) {
    const scalar = globalThis.crypto.getRandomValues(new Uint8Array(32));
    if ((await provider.publicKeyOf(scalar)) !== undefined) return scalar;
  }
}

/** @throws DomainError `E_FORMAT` when a member has the wrong shape */
export async function makeAcceptance(
  provider: CryptoProvider,
  of: Omit<Acceptance, 'v' | 'X'>,
  scalar: Uint8Array,
): Promise<SignedAcceptance> {
  const point = await provider.publicKeyOf(scalar);
  if (point === undefined) throw refusal('E_POINT', { detail: 'holder scalar' });
  const bytes = canonicalBytes({ ...of, v: 1, X: toHex(point) });
  acceptance(parseCanonical(bytes), 'acceptance');
  return { bytes, proof: await provider.sign(scalar, purposeBytes(ACCEPT_PURPOSE, bytes)) };
}

/** Schema and proof of possession. @throws DomainError `E_FORMAT`, `E_VERSION`, `E_ACCEPTANCE` */
export async function openAcceptance(
  provider: CryptoProvider,
  { bytes, proof }: SignedAcceptance,
): Promise<Acceptance> {
  const read = acceptance(parseCanonical(bytes), 'acceptance');
  if (!read.holders.includes(read.holderId))
    throw refusal('E_ACCEPTANCE', { detail: 'holder is not in its own list', fault: 'holder' });
  if (!(await provider.verify(fromHex(read.X), purposeBytes(ACCEPT_PURPOSE, bytes), proof))) {
    throw refusal('E_ACCEPTANCE', {
      detail: 'proof of possession',
      fault: 'holder',
      params: { holder: read.holderId },
    });
  }
  return read;
}

/**
 * All acceptances of one stage make one group: same notice, lot, stage, holders and sets; each holder once; keys distinct.
 * Holders in the order of `holders`; acceptHash = H(acceptance bytes).
 * @throws DomainError `E_ACCEPTANCE`, `E_ACCESS_STRUCTURE`, `E_POINT`
 */
export async function holderGroupOf(
  provider: CryptoProvider,
  signed: readonly SignedAcceptance[],
): Promise<HolderGroup> {
  const read = await Promise.all(
    signed.map(async (one) => ({
      ...(await openAcceptance(provider, one)),
      acceptHash: toHex(await provider.hash(one.bytes)),
    })),
  );
  const [first] = read;
  if (first === undefined) throw refusal('E_ACCEPTANCE', { detail: 'no acceptance' });
  for (const other of read) {
    for (const name of ['noticeHash', 'lotId', 'stage', 'holders', 'sets'] as const) {
      if (canonicalJson(other[name]) !== canonicalJson(first[name]))
        throw refusal('E_ACCEPTANCE', { detail: `${name} differs`, params: { holder: other.holderId, member: name } });
    }
  }
  if (read.length !== first.holders.length)
    throw refusal('E_ACCEPTANCE', { detail: 'not one acceptance for each holder' });
  const holders = first.holders.map((holderId) => {
    const own = read.find((candidate) => candidate.holderId === holderId);
    if (own === undefined)
      throw refusal('E_ACCEPTANCE', { detail: 'a holder has not accepted', params: { holder: holderId } });
    return { id: holderId, X: own.X, acceptHash: own.acceptHash };
  });
  const group = { holders, sets: first.sets };
  checkHolderGroup(provider, group);
  return group;
}

/** Canonical bytes for the holder to sign (CMS by the caller). */
export function makeRelease(
  accepted: Acceptance,
  scalar: Uint8Array,
  closingEntryHash: string,
): Uint8Array<ArrayBuffer> {
  const { noticeHash, lotId, stage, holderId } = accepted;
  const bytes = canonicalBytes({ v: 1, noticeHash, lotId, stage, holderId, x: toHex(scalar), closingEntryHash });
  release(parseCanonical(bytes), 'release');
  return bytes;
}

/** @throws DomainError `E_FORMAT`, `E_VERSION` */
export const parseRelease = (bytes: Uint8Array): Release => release(parseCanonical(bytes), 'release');

/**
 * A release fits what was accepted, the closing entry, and x·G = X; gives the scalar.
 * @throws DomainError `E_RELEASE`, `E_HOLDER_KEY` (fault holder)
 */
export async function checkRelease(
  provider: CryptoProvider,
  of: Release,
  accepted: Acceptance,
  closingEntryHash: string,
): Promise<Uint8Array> {
  const params = { holder: accepted.holderId };
  for (const name of ['noticeHash', 'lotId', 'stage', 'holderId'] as const) {
    if (of[name] !== accepted[name])
      throw refusal('E_RELEASE', { detail: name, fault: 'holder', params: { ...params, member: name } });
  }
  if (of.closingEntryHash !== closingEntryHash)
    throw refusal('E_RELEASE', {
      detail: 'another closing entry',
      fault: 'holder',
      params: { ...params, member: 'closingEntryHash' },
    });
  const scalar = fromHex(of.x);
  const point = await provider.publicKeyOf(scalar);
  if (point === undefined || toHex(point) !== accepted.X) throw refusal('E_HOLDER_KEY', { fault: 'holder', params });
  return scalar;
}
