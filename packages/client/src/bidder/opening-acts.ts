import type { Answer, PlatformApi } from '@qej/contract';
import { DomainError, equalBytes, fromBase64, fromHex, toBase64 } from '@qej/kernel';
import { bidderCommit, bidderHalf } from '@qej/sealed-bid';
import type { BidderDecrypter, CryptoProvider } from '@qej/sealed-bid';
import type { PlatformClient } from '../http/api-clients.ts';

export type Hall = Answer<PlatformApi['getHall']>;
export type HallBid = Hall['bids'][number];
type Unwrap = NonNullable<HallBid['unwrap']>;

/** One half a stage, base64, as `releaseHalf` takes them. */
export type StageHalves = readonly { readonly stage: string; readonly half: string }[];

/** The halves of a bid from the bidder's secret, each compared with what was sealed. @throws DomainError `E_UNWRAP`, `E_BIDDER_HALF` */
export async function halvesOf(
  provider: CryptoProvider,
  decrypter: BidderDecrypter,
  { wrappedSecret, registerContext, stages }: Unwrap,
): Promise<StageHalves> {
  const secret = await decrypter.unwrap(fromBase64(wrappedSecret), fromHex(registerContext));
  const halves: { stage: string; half: string }[] = [];
  for (const { stage, context, halfCommit } of stages) {
    const ctx = fromHex(context);
    const half = await bidderHalf(provider, secret, ctx);
    if (!equalBytes(await bidderCommit(provider, ctx, half), fromHex(halfCommit)))
      throw new DomainError('E_BIDDER_HALF', { params: { stage } });
    halves.push({ stage, half: toBase64(half) });
  }
  secret.fill(0);
  return halves;
}

/** Releases the halves of every own bid that still waits for them. @returns how many bids were given their halves now */
export async function releaseOwnHalves(
  deps: { readonly platform: PlatformClient; readonly provider: CryptoProvider; readonly decrypter: BidderDecrypter },
  tenderId: string,
): Promise<number> {
  const { bids } = await deps.platform.getHall({ params: { tenderId } });
  let released = 0;
  for (const { bidId, mine, state, unwrap } of bids) {
    if (!mine || unwrap === undefined || state !== 'register-opened') continue;
    const halves = await halvesOf(deps.provider, deps.decrypter, unwrap);
    await deps.platform.releaseHalf({ params: { tenderId, bidId }, body: { halves: [...halves] } });
    released += 1;
  }
  return released;
}
