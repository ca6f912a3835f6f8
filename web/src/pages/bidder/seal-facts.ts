import { decideOwnCredit } from '@qej/client';
import type { OwnCreditDecision } from '@qej/client';
import type { GuaranteeReference } from '@qej/deposits';
import type { Instant } from '@qej/kernel';
import type { ApiClient } from '../../api/client.ts';
import type { StoredCertificate } from './bid-store.ts';
import { readBoundCertificates, readLotContext } from './use-bidder.ts';
import type { BoundCertificates, LotContext } from './use-bidder.ts';

export interface SealFacts extends LotContext {
  readonly own: OwnCreditDecision;
  readonly bound: BoundCertificates;
  readonly certificate: StoredCertificate | undefined;
}

/** Lot, own certificates and own credit decision, without the guarantee. */
export async function readSealFacts(
  api: ApiClient,
  tenderId: string,
  now: Instant,
): Promise<Omit<SealFacts, 'certificate'>> {
  const [context, bound] = await Promise.all([readLotContext(api, tenderId, now), readBoundCertificates(api)]);
  return { ...context, bound, own: await decideOwnCredit(api, context.lot, bound.sign.subject.uscc ?? '') };
}

/** What of the guarantee goes into the sealed register. */
export function guaranteeOf({ certificate }: SealFacts): GuaranteeReference | null {
  if (certificate === undefined) return null;
  const { orderId, guarantorId, number, k, certificateSha256, qr } = certificate;
  return { orderId, guarantorId, number, k, certificateSha256, qr };
}
