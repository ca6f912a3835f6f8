import type { Answer, PlatformApi } from '@qej/contract';
import { canonicalBytes, DomainError, fromBase64, fromUtf8, instant, parseCanonical } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { getPurpose, parseCertificate, parseCrl, verifyCms } from '@qej/pki';
import type { Certificate, Crl } from '@qej/pki';
import { holderGroupOf } from '@qej/sealed-bid';
import type { CryptoProvider, HolderGroup, Stage } from '@qej/sealed-bid';
import { decodeNotice } from '@qej/tendering';
import type { Notice, NoticeLot } from '@qej/tendering';
import type { PlatformClient } from './http/api-clients.ts';
import { sha256Hex } from './log/tender-log.ts';

/** Whom a client believes: given to it from outside, or taken from the platform and then said so. */
export interface TrustRoots {
  readonly roots: readonly Certificate[];
  readonly intermediates: readonly Certificate[];
  readonly crls: readonly Crl[];
}

/** What the platform publishes; good for the demo, no independent judgement. */
export async function readPublishedRoots(api: PlatformClient): Promise<TrustRoots> {
  const { roots, intermediates, crls } = await api.getTrustRoots({});
  const certificate = (text: string): Certificate => parseCertificate(fromBase64(text));
  return {
    roots: roots.map(certificate),
    intermediates: intermediates.map(certificate),
    crls: crls.map((text) => parseCrl(fromBase64(text))),
  };
}

export type SealingKeys = Answer<PlatformApi['getSealingKeys']>;

/** A lot as a bidder may rely on it: hashes recomputed, every acceptance signed by its holder and proven by its key. */
export interface LotKeys {
  readonly notice: Notice;
  readonly lot: NoticeLot;
  readonly noticeHash: string;
  readonly editionHash: string;
  readonly deadline: Instant;
  readonly openingMode: 'joint' | 'group';
  readonly groups: ReadonlyMap<Stage, HolderGroup>;
}

/** Notice bytes and their hash, recomputed. @throws DomainError `E_FORMAT` */
export async function readNotice(
  api: PlatformClient,
  tenderId: string,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly hash: string; readonly notice: Notice }> {
  const bytes = await api.getNotice({ params: { tenderId } });
  return { bytes, hash: await sha256Hex(bytes), notice: decodeNotice(bytes) };
}

async function checkAcceptances(keys: SealingKeys, trust: TrustRoots, at: Instant): Promise<void> {
  const { eContentType } = getPurpose('qej-acceptance/1');
  for (const { acceptance, cms } of keys.acceptances) {
    await verifyCms({
      cms: fromBase64(cms),
      content: fromBase64(acceptance),
      eContentType,
      ...trust,
      at,
      usage: 'sign',
    });
  }
}

const sameJson = (a: unknown, b: unknown): boolean => {
  type Json = Parameters<typeof canonicalBytes>[0];
  return fromUtf8(canonicalBytes(a as Json)) === fromUtf8(canonicalBytes(b as Json));
};

/** The group must be the one that the notice names, in its order and with its sets. */
function checkAgainstNotice(notice: Notice, noticeHash: string, acceptance: unknown): void {
  const read = acceptance as { noticeHash: string; holders: readonly string[]; sets: unknown; lotId: string };
  const isSame =
    read.noticeHash === noticeHash &&
    notice.lots.some(({ lotId }) => lotId === read.lotId) &&
    sameJson(
      read.holders,
      notice.holders.map(({ holderId }) => holderId),
    ) &&
    sameJson(read.sets, notice.sets);
  if (!isSame) throw new DomainError('E_ACCEPTANCE', { detail: 'an acceptance does not fit the notice' });
}

/**
 * Reads notice and acceptances of the tender's lot and checks what a bidder must not take on trust.
 * @throws DomainError `E_ACCEPTANCE`, `E_ACCESS_STRUCTURE`, `E_SIGNATURE`, `E_CERT_*`, `E_HOLDERS_MISSING`
 */
export async function readLotKeys(
  api: PlatformClient,
  tenderId: string,
  deps: { readonly provider: CryptoProvider; readonly trust: TrustRoots; readonly now: Instant },
): Promise<LotKeys> {
  const [{ notice, hash }, keys] = await Promise.all([
    readNotice(api, tenderId),
    api.getSealingKeys({ params: { tenderId } }),
  ]);
  const lot = notice.lots.find(({ lotId }) => lotId === keys.lotId);
  if (lot === undefined || keys.noticeHash !== hash)
    throw new DomainError('E_ACCEPTANCE', { detail: 'the sealing keys belong to another notice' });
  await checkAcceptances(keys, deps.trust, deps.now);
  const groups = new Map<Stage, HolderGroup>();
  for (const stage of ['register', ...notice.stages] as const) {
    const own = keys.acceptances.filter((one) => one.stage === stage);
    if (own.length === 0) throw new DomainError('E_HOLDERS_MISSING', { params: { stage } });
    const signed = own.map(({ acceptance, proof }) => ({ bytes: fromBase64(acceptance), proof: fromBase64(proof) }));
    for (const { bytes } of signed) checkAgainstNotice(notice, hash, parseCanonical(bytes));
    groups.set(stage, await holderGroupOf(deps.provider, signed));
  }
  const { openingMode } = notice;
  const deadline = instant(Date.parse(notice.timetable.deadline.at));
  return { notice, lot, noticeHash: hash, editionHash: keys.editionHash, deadline, openingMode, groups };
}
