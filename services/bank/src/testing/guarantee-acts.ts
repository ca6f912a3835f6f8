import type { GuaranteeReference } from '@qej/deposits';
import { makeApplication, openCertificate, openQuote, sealRequest } from '@qej/guarantees';
import type { GuaranteeSubject, IssuedGuarantee } from '@qej/guarantees';
import { fromBase64, parseMoney, plusMs, systemClock, toBase64, toHex } from '@qej/kernel';
import type { Secret } from '@qej/kernel';
import { webCryptoProvider } from '@qej/sealed-bid';
import type { Bidder } from './bank-world.ts';
import { until } from './waiting.ts';

export interface Wanted {
  readonly lotId: string;
  readonly amount: string;
  readonly days?: number;
  readonly subject?: GuaranteeSubject;
}
export interface Ordered {
  readonly orderId: string;
  readonly guarantorId: string;
  readonly k: Secret<Uint8Array>;
  readonly body: { readonly guarantorId: string; readonly orderId: string; readonly envelope: string };
}

/** What a bidder's browser does: seal an application past the platform to the bank. */
export async function prepare(bidder: Bidder, { lotId, amount, days = 200, subject }: Wanted): Promise<Ordered> {
  const { items } = await bidder.client.listGuarantors({});
  const guarantor = items[0]!; // there is one bank in this world
  const now = systemClock.now();
  const made = await makeApplication({
    lotId,
    bidderId: bidder.organizationId,
    applicant: { name: bidder.name, uscc: bidder.uscc },
    amount: parseMoney(amount),
    validTo: plusMs(now, days * 86_400_000),
    now,
  });
  const { guarantorId } = guarantor;
  const recipient = { guarantorId, encryptionPoint: fromBase64(guarantor.encryptionPoint) };
  const envelope = await sealRequest(webCryptoProvider.wrap, recipient, {
    application: made.application,
    applicationCms: await bidder.sign('qej-application/1', made.bytes),
    applicantAddress: '青岛市崂山区工业大道 11 号',
    encryptionCertificate: bidder.encryptionCertificate,
    subject: subject ?? null,
  });
  const body = { guarantorId, orderId: made.orderId, envelope: toBase64(envelope) };
  return { orderId: made.orderId, guarantorId, k: made.k, body };
}

export async function order(bidder: Bidder, wanted: Wanted): Promise<Ordered> {
  const prepared = await prepare(bidder, wanted);
  await bidder.client.applyForGuarantee({ body: prepared.body });
  return prepared;
}

export const stateOf = async (bidder: Bidder, { orderId }: { readonly orderId: string }): Promise<string> =>
  (await bidder.client.getGuaranteeOrder({ params: { orderId } })).state;

export const reached = (
  bidder: Bidder,
  ordered: { readonly orderId: string },
  ...states: readonly string[]
): Promise<string> =>
  until(`${states.join('/')}`, async () => {
    const state = await stateOf(bidder, ordered);
    return states.includes(state) ? state : undefined;
  });

const envelopeOf = (
  bidder: Bidder,
  { orderId }: Ordered,
  member: 'quoteEnvelope' | 'certificateEnvelope',
): Promise<Uint8Array> =>
  until(member, async () => {
    const found = (await bidder.client.getGuaranteeOrder({ params: { orderId } }))[member];
    return found === undefined ? undefined : fromBase64(found);
  });

export async function quoteOf(bidder: Bidder, ordered: Ordered) {
  return openQuote(bidder.decrypter, ordered, await envelopeOf(bidder, ordered, 'quoteEnvelope'));
}

/** At the bank's own interface, as its sandbox page does. */
export async function pay(bankUrl: string, orderId: string, paymentCode: string): Promise<Response> {
  return fetch(`${bankUrl}/v1/orders/${orderId}/payment`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ paymentCode }),
  });
}

export const certificateOf = async (bidder: Bidder, ordered: Ordered): Promise<IssuedGuarantee> =>
  openCertificate(bidder.decrypter, ordered, await envelopeOf(bidder, ordered, 'certificateEnvelope'));

/** From application to certificate. */
export async function obtain(bidder: Bidder, bankUrl: string, wanted: Wanted) {
  const ordered = await order(bidder, wanted);
  const { paymentCode } = await quoteOf(bidder, ordered);
  await pay(bankUrl, ordered.orderId, paymentCode);
  const issued = await certificateOf(bidder, ordered);
  const { number, certificateSha256, qr } = issued;
  const k = toHex(ordered.k.reveal());
  const reference: GuaranteeReference = {
    orderId: ordered.orderId,
    guarantorId: ordered.guarantorId,
    number,
    k,
    certificateSha256,
    qr,
  };
  return { ordered, issued, reference };
}
