import type { Answer, PlatformApi } from '@qej/contract';
import type { GuaranteeReference } from '@qej/deposits';
import { decodeBankMessage, makeApplication, openCertificate, openQuote, sealRequest } from '@qej/guarantees';
import type { GuaranteeParty, IssuedGuarantee, KeyUnwrap, Quote, UndertakingApplication } from '@qej/guarantees';
import { DomainError, fromBase64, plusMs, toBase64, toHex } from '@qej/kernel';
import type { Instant, Money, Secret } from '@qej/kernel';
import { getPurpose, verifyCms } from '@qej/pki';
import type { CryptoProvider } from '@qej/sealed-bid';
import type { PlatformClient } from '../http/api-clients.ts';
import { STEP_PATIENCE_MS, waitFor, withRetry } from '../http/retry.ts';
import type { LotKeys, TrustRoots } from '../lot-keys.ts';

export type Guarantor = Answer<PlatformApi['listGuarantors']>['items'][number];
export type GuaranteeOrder = Answer<PlatformApi['getGuaranteeOrder']>;

/** Signs bytes for a purpose: the keyring page, or a key at hand. Gives the CMS. */
export type SignBytes = (
  purpose: 'qej-application/1' | 'qej-manifest/1' | 'qej-confirm/1',
  bytes: Uint8Array,
) => Promise<Uint8Array>;

export interface Applicant {
  readonly organizationId: string;
  readonly party: GuaranteeParty;
  readonly address: string;
  /** DER; the guarantor seals its answers to it. */
  readonly encryptionCertificate: Uint8Array;
  readonly decrypter: KeyUnwrap;
  readonly sign: SignBytes;
}

/** An order with the secret that opens its commitment: keep it until the bid is sealed. */
export interface PendingGuarantee {
  readonly orderId: string;
  readonly guarantorId: string;
  readonly k: Secret<Uint8Array>;
  readonly application: UndertakingApplication;
}

/** Guarantors whose signed statement fits what the list says of them. @throws DomainError `E_SIGNATURE`, `E_CERT_*`, `E_GUARANTOR` */
export async function findGuarantors(
  platform: PlatformClient,
  trust: TrustRoots,
  now: Instant,
): Promise<readonly Guarantor[]> {
  const { items } = await platform.listGuarantors({});
  const { eContentType } = getPurpose('qej-bank-message/1');
  for (const { guarantorId, encryptionPoint, statement, signature } of items) {
    const content = fromBase64(statement);
    await verifyCms({ cms: fromBase64(signature), content, eContentType, ...trust, at: now });
    const message = decodeBankMessage('statement', content);
    if (message.guarantorId !== guarantorId || message.body.encryptionPoint !== encryptionPoint)
      throw new DomainError('E_GUARANTOR', { detail: `${guarantorId}: statement and list differ` });
  }
  return items;
}

const DAY_MS = 86_400_000;

/** Calendar days after the deadline, however short the days of the rules are: a guarantee may last longer, never shorter. */
export const guaranteeValidTo = ({ notice, deadline }: LotKeys, tailDays: number): Instant =>
  plusMs(deadline, (notice.timetable.bidValidityDays + tailDays + 2) * DAY_MS);

export interface WantedGuarantee {
  readonly lot: LotKeys;
  readonly amount: Money;
  readonly validTo: Instant;
  readonly now: Instant;
}

/** Makes an application; nothing has been sent yet, so that `k` can be kept first. */
export async function startGuarantee(
  guarantor: Guarantor,
  applicant: Applicant,
  { lot, amount, validTo, now }: WantedGuarantee,
): Promise<PendingGuarantee & { readonly bytes: Uint8Array }> {
  const made = await makeApplication({
    lotId: lot.lot.lotId,
    bidderId: applicant.organizationId,
    applicant: applicant.party,
    amount,
    validTo,
    now,
  });
  return { ...made, guarantorId: guarantor.guarantorId };
}

/** Sends the application, sealed to the guarantor. The order id makes it safe to send again. @throws ApiError `E_GUARANTOR` */
export async function sendApplication(
  deps: { readonly platform: PlatformClient; readonly provider: CryptoProvider },
  guarantor: Guarantor,
  applicant: Applicant,
  pending: PendingGuarantee & { readonly bytes: Uint8Array },
): Promise<GuaranteeOrder> {
  const request = {
    application: pending.application,
    applicationCms: await applicant.sign('qej-application/1', pending.bytes),
    applicantAddress: applicant.address,
    encryptionCertificate: applicant.encryptionCertificate,
    subject: null,
  };
  const recipient = { guarantorId: guarantor.guarantorId, encryptionPoint: fromBase64(guarantor.encryptionPoint) };
  const { provider } = deps;
  const envelope = await sealRequest((...args) => provider.wrap(...args), recipient, request);
  const body = { guarantorId: guarantor.guarantorId, orderId: pending.orderId, envelope: toBase64(envelope) };
  return deps.platform.applyForGuarantee({ body });
}

const DEAD: readonly GuaranteeOrder['state'][] = ['rejected', 'cancelled', 'expired'];

/** Waits until the order carries an envelope of this kind. @throws DomainError `E_GUARANTOR` when the guarantor refused */
async function awaitEnvelope(
  platform: PlatformClient,
  orderId: string,
  member: 'quoteEnvelope' | 'certificateEnvelope',
  timeoutMs: number,
): Promise<Uint8Array> {
  return waitFor(
    `${member} of a guarantee`,
    async () => {
      const order = await platform.getGuaranteeOrder({ params: { orderId } });
      if (DEAD.includes(order.state)) throw new DomainError('E_GUARANTOR', { detail: order.reason ?? order.state });
      const envelope = order[member];
      return envelope === undefined ? undefined : fromBase64(envelope);
    },
    { timeoutMs },
  );
}

export interface GuaranteeQuote {
  readonly quote: Quote;
  /** Sandbox payment at the guarantor. */
  readonly paymentUrl: string;
  readonly paymentCode: string;
}

export async function awaitQuote(
  platform: PlatformClient,
  applicant: Applicant,
  pending: PendingGuarantee,
  timeoutMs = STEP_PATIENCE_MS,
): Promise<GuaranteeQuote> {
  const envelope = await awaitEnvelope(platform, pending.orderId, 'quoteEnvelope', timeoutMs);
  const { quote, paymentUrl, paymentCode } = await openQuote(applicant.decrypter, pending, envelope);
  return { quote, paymentUrl, paymentCode };
}

/** The certificate, its CMS checked, and what goes into the sealed register. @throws DomainError `E_ENVELOPE`, `E_SIGNATURE`, `E_CERT_*` */
export async function awaitCertificate(
  deps: { readonly platform: PlatformClient; readonly trust: TrustRoots; readonly now: () => Instant },
  applicant: Applicant,
  pending: PendingGuarantee,
  timeoutMs = STEP_PATIENCE_MS,
): Promise<{ readonly issued: IssuedGuarantee; readonly reference: GuaranteeReference }> {
  const envelope = await awaitEnvelope(deps.platform, pending.orderId, 'certificateEnvelope', timeoutMs);
  const issued = await openCertificate(applicant.decrypter, pending, envelope);
  const { eContentType } = getPurpose('qej-guarantee/1');
  const { undertakingBytes: content, undertakingCms: cms } = issued;
  await verifyCms({ cms, content, eContentType, ...deps.trust, at: deps.now() });
  if (issued.undertaking.commitment !== pending.application.commitment)
    throw new DomainError('E_ENVELOPE', { detail: 'the certificate is for another commitment' });
  const { number, certificateSha256, qr } = issued;
  const k = toHex(pending.k.reveal());
  const reference = { orderId: pending.orderId, guarantorId: pending.guarantorId, number, k, certificateSha256, qr };
  return { issued, reference };
}

/** Pays the premium in the guarantor's sandbox; paying twice is paying once. @throws DomainError `E_GUARANTOR` when it is refused */
export async function payQuote(
  { quote, paymentUrl, paymentCode }: GuaranteeQuote,
  doFetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<void> {
  const url = new URL(`/v1/orders/${quote.applicationId}/payment`, paymentUrl);
  await withRetry(async () => {
    const response = await doFetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ paymentCode }),
    });
    if (response.status >= 502 && response.status <= 504) throw new TypeError(`payment answered ${response.status}`);
    if (response.ok || response.status === ALREADY_PAID) return;
    throw new DomainError('E_GUARANTOR', { detail: `payment answered ${response.status}` });
  });
}
const ALREADY_PAID = 409;
