import { canonicalBytes, DomainError, toBase64 } from '@qej/kernel';
import type { GuaranteeParty } from '@qej/guarantees';
import { getPurpose, signCms } from '@qej/pki';
import { webCryptoDecrypter } from '@qej/sealed-bid';
import type { BidderDecrypter } from '@qej/sealed-bid';
import type { Applicant, SignBytes } from '../bidder/guarantee.ts';
import type { Hall } from '../bidder/opening-acts.ts';
import { doOnce } from '../http/once.ts';
import type { SessionClient } from '../http/session-client.ts';
import type { Identity } from '../identity.ts';
import { signDetached } from '../sign.ts';

/** The bidder's encryption key, as container and envelopes use it. @throws DomainError `E_P12_KEYS` where there is none */
export function bidderDecrypter({ decryptKey }: Identity): {
  readonly point: Uint8Array;
  readonly decrypter: BidderDecrypter;
  /** DER. */
  readonly certificate: Uint8Array;
} {
  const publicKey = decryptKey?.certificate.publicKey;
  if (decryptKey === undefined || publicKey?.kind !== 'ec-p256')
    throw new DomainError('E_P12_KEYS', { detail: 'no encryption key on P-256' });
  const decrypter = webCryptoDecrypter(decryptKey.key, publicKey.point);
  return { point: publicKey.point, decrypter, certificate: decryptKey.certificate.der };
}

/**
 * Signs with a key at hand. The manifest carries its content and the signer's certificate alone, since the register has little
 * room; applications are detached.
 */
export const signBytesWith =
  ({ signer }: Identity): SignBytes =>
  (purpose, bytes) =>
    purpose === 'qej-manifest/1'
      ? signCms({ content: bytes, eContentType: getPurpose(purpose).eContentType, signer: { ...signer, chain: [] } })
      : signDetached(signer, purpose, bytes);

/** Name and code of the organisation as its certificate says them. */
export function partyOf({ signer }: Identity): GuaranteeParty {
  const { organization = '', uscc = '' } = signer.certificate.subject;
  return { name: organization, uscc };
}

/** Everything a guarantor needs to know of the bidder. */
export function applicantOf(
  identity: Identity,
  { organizationId, address }: { readonly organizationId: string; readonly address: string },
): Applicant {
  const { decrypter, certificate } = bidderDecrypter(identity);
  const party = partyOf(identity);
  const sign = signBytesWith(identity);
  return { organizationId, party, address, encryptionCertificate: certificate, decrypter, sign };
}

/** What a bidder signs when it confirms its line of the price table, purpose `qej-confirm/1`. */
export const confirmationBytes = (confirmation: {
  readonly tenderId: string;
  readonly bidId: string;
  readonly kind: 'confirmed' | 'objected';
  readonly text: string;
  /** As the table shows it, decimal CNY. */
  readonly price: string;
}): Uint8Array<ArrayBuffer> => canonicalBytes({ v: 1, ...confirmation });

/** Confirms every own line that has a price, or objects to it. */
export async function confirmOwnPrices(
  { api, identity }: SessionClient,
  tenderId: string,
  objection?: string,
): Promise<Hall> {
  const kind = objection === undefined ? 'confirmed' : 'objected';
  const isDone = ({ bids }: Hall): boolean =>
    bids.every(({ mine, price, confirmation }) => !mine || price === undefined || confirmation !== undefined);
  const look = async (): Promise<Hall | undefined> => {
    const hall = await api.getHall({ params: { tenderId } });
    return isDone(hall) ? hall : undefined;
  };
  return doOnce(look, async () => {
    const { bids } = await api.getHall({ params: { tenderId } });
    for (const { bidId, mine, price, confirmation } of bids) {
      if (!mine || price === undefined || confirmation !== undefined) continue;
      const content = confirmationBytes({ tenderId, bidId, kind, text: objection ?? '', price: price.total });
      const cms = toBase64(await signDetached(identity.signer, 'qej-confirm/1', content));
      const body = { kind, cms, ...(objection === undefined ? {} : { text: objection }) } as const;
      await api.confirmPrice({ params: { tenderId, bidId }, body });
    }
  });
}
