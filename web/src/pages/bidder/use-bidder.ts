import { readLotKeys, readPublishedRoots } from '@qej/client';
import type { LotKeys, TrustRoots } from '@qej/client';
import { DomainError, fromBase64, instant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { parseCertificate } from '@qej/pki';
import type { Certificate } from '@qej/pki';
import { webCryptoProvider } from '@qej/sealed-bid';
import type { ApiClient } from '../../api/client.ts';
import { useClock } from '../../stores/clock.ts';
import { useSession } from '../../stores/session.ts';

/** The caller's bound certificates with the longest life. */
export interface BoundCertificates {
  readonly sign: Certificate;
  readonly encrypt: Certificate;
  /** 65-byte point of the encryption certificate. */
  readonly point: Uint8Array;
}
/** All that the bidder's browser relies on when it deals with one lot; checked, not believed. */
export interface LotContext {
  readonly lot: LotKeys;
  readonly trust: TrustRoots;
}

/** The platform's clock, for every judgement on the page. */
export const usePlatformNow = (): (() => Instant) => {
  const clock = useClock();
  return () => instant(Math.floor(clock.now));
};

/** Who is at work here: keys of the local store begin with it. */
export const useOwner = (): (() => string) => {
  const session = useSession();
  return () => session.session?.userId ?? 'nobody';
};

/** @throws DomainError `E_CERT_UNBOUND` where the account has no signing or no encryption certificate */
export async function readBoundCertificates(api: ApiClient): Promise<BoundCertificates> {
  const { items } = await api.listMyCertificates({});
  const longest = (usage: 'sign' | 'encrypt'): Certificate | undefined => {
    const [found] = items
      .filter((item) => item.usage === usage)
      .toSorted((one, other) => other.notAfter.localeCompare(one.notAfter));
    return found === undefined ? undefined : parseCertificate(fromBase64(found.certificate));
  };
  const [sign, encrypt] = [longest('sign'), longest('encrypt')];
  if (sign === undefined || encrypt?.publicKey.kind !== 'ec-p256')
    throw new DomainError('E_CERT_UNBOUND', { detail: 'a signing and an encryption certificate are needed' });
  return { sign, encrypt, point: encrypt.publicKey.point };
}

/** Notice, holders and keys of the tender's lot, every hash and signature recomputed here. */
export async function readLotContext(api: ApiClient, tenderId: string, now: Instant): Promise<LotContext> {
  const trust = await readPublishedRoots(api);
  return { trust, lot: await readLotKeys(api, tenderId, { provider: webCryptoProvider, trust, now }) };
}
