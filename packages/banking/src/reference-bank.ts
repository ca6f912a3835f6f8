import type { BankMessage, BankMessageType, NewBankMessage } from '@qej/guarantees';
import { decodeBankMessage, encodeBankMessage, isFresh } from '@qej/guarantees';
import { DomainError, fromBase64, toBase64 } from '@qej/kernel';
import type { Clock, Instant } from '@qej/kernel';
import { parseCertificate } from '@qej/pki';
import type { Guarantor, PlatformTrust, SignedMessage } from '@qej/usecases';

export interface ReferenceBankDeps {
  /** Origin of the bank. */
  readonly url: string;
  /** 统一社会信用代码 of its seal. */
  readonly guarantorId: string;
  readonly trust: Pick<PlatformTrust, 'sign' | 'verify'>;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly timeoutMs?: number;
}

const PURPOSE = 'qej-bank-message/1';
const TIMEOUT_MS = 8_000;
const MAX_ANSWER = 12_000_000;

interface Sending<T extends BankMessageType> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly message?: Omit<NewBankMessage<T>, 'guarantorId' | 'at'>;
  readonly headers?: Readonly<Record<string, string>>;
}

const memberOf = (value: unknown, name: string): string => {
  const member = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return typeof member === 'string' ? member : '';
};

/** What the bank refuses keeps its code; whatever else goes wrong is an outage that a job may try again. */
async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text.length > MAX_ANSWER) throw new DomainError('E_UNAVAILABLE', { detail: 'the answer is too long' });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DomainError('E_UNAVAILABLE', { detail: `HTTP ${response.status}, not JSON`, cause });
  }
  if (response.ok) return value;
  const code = memberOf(value, 'code');
  if (response.status >= 500 || !/^E_[A-Z_]+$/.test(code))
    throw new DomainError('E_UNAVAILABLE', { detail: `HTTP ${response.status}` });
  throw new DomainError(code, { detail: memberOf(value, 'detail') });
}

/** The seal of this bank and nothing else, whatever other certificates the firm has. @throws DomainError `E_SIGNATURE` */
async function checkSeal(
  deps: ReferenceBankDeps,
  bytes: Uint8Array,
  cms: Uint8Array,
  at: Instant,
): Promise<Uint8Array<ArrayBuffer>> {
  let signer: Awaited<ReturnType<PlatformTrust['verify']>>;
  try {
    signer = await deps.trust.verify({ purpose: PURPOSE, content: bytes, cms, at });
  } catch (cause) {
    if (cause instanceof DomainError) throw new DomainError('E_SIGNATURE', { detail: cause.message, cause });
    throw cause;
  }
  if (signer.uscc !== deps.guarantorId || parseCertificate(signer.certificate).profile !== 'bank-seal')
    throw new DomainError('E_SIGNATURE', { detail: 'not the seal of this guarantor' });
  return signer.certificate;
}

function bytesOf({ message, signature }: SignedMessage): { bytes: Uint8Array; cms: Uint8Array } {
  try {
    return { bytes: fromBase64(message), cms: fromBase64(signature) };
  } catch (cause) {
    throw new DomainError('E_FORMAT', { detail: 'not base64', cause });
  }
}

async function openMessage<T extends BankMessageType>(
  deps: ReferenceBankDeps,
  type: T,
  signed: SignedMessage,
  now: Instant,
): Promise<{ readonly message: BankMessage<T>; readonly certificate: Uint8Array<ArrayBuffer> }> {
  const { bytes, cms } = bytesOf(signed);
  const certificate = await checkSeal(deps, bytes, cms, now);
  const message = decodeBankMessage(type, bytes);
  if (message.guarantorId !== deps.guarantorId) throw new DomainError('E_SIGNATURE', { detail: 'another guarantor' });
  if (!isFresh(message, now)) throw new DomainError('E_STALE');
  return { message, certificate };
}

/** One request, signed; gives the answer unread and the nonce that it must refer to. */
async function send<T extends BankMessageType>(
  deps: ReferenceBankDeps,
  sending: Sending<T>,
): Promise<{ signed: SignedMessage; nonce: string | null }> {
  const { method, path, message, headers = {} } = sending;
  let signed: SignedMessage | undefined;
  let nonce: string | null = null;
  if (message !== undefined) {
    // The spread of an Omit of a generic is not seen to be the whole again.
    const whole = { ...message, guarantorId: deps.guarantorId, at: deps.clock.now() } as NewBankMessage<T>;
    const bytes = encodeBankMessage(whole);
    nonce = decodeBankMessage(message.type, bytes).nonce;
    signed = { message: toBase64(bytes), signature: toBase64(await deps.trust.sign(PURPOSE, bytes)) };
  }
  const inHeader = signed !== undefined && method !== 'POST';
  const inBody = signed !== undefined && method === 'POST';
  const response = await deps
    .fetch(`${deps.url}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...headers,
        ...(inBody ? { 'content-type': 'application/json' } : {}),
        ...(inHeader ? { authorization: `QEJ ${signed?.message}.${signed?.signature}` } : {}),
      },
      ...(inBody ? { body: JSON.stringify(signed) } : {}),
      signal: AbortSignal.timeout(deps.timeoutMs ?? TIMEOUT_MS),
    })
    .catch((cause: unknown) => {
      throw new DomainError('E_UNAVAILABLE', { detail: 'the guarantor cannot be reached', cause });
    });
  const answer = await readAnswer(response);
  return { signed: { message: memberOf(answer, 'message'), signature: memberOf(answer, 'signature') }, nonce };
}

async function ask<Q extends BankMessageType, A extends 'progress' | 'revealed' | 'verified'>(
  deps: ReferenceBankDeps,
  sending: Sending<Q>,
  answerType: A,
): Promise<BankMessage<A>['body']> {
  const { signed, nonce } = await send(deps, sending);
  const { message } = await openMessage(deps, answerType, signed, deps.clock.now());
  if (message.inReplyTo !== nonce) throw new DomainError('E_SIGNATURE', { detail: 'an answer to another question' });
  return message.body;
}

/** The dialect of the reference bank (docs/formats/bank-api.md) behind the Guarantor port. */
export function makeReferenceBank(deps: ReferenceBankDeps): Guarantor {
  return {
    guarantorId: deps.guarantorId,
    statement: async () => {
      const { signed } = await send(deps, { method: 'GET', path: '/v1/statement' });
      const { message, certificate } = await openMessage(deps, 'statement', signed, deps.clock.now());
      if (message.body.party.uscc !== deps.guarantorId)
        throw new DomainError('E_SIGNATURE', { detail: 'another firm' });
      return { ...message.body, signed, sealCertificate: certificate };
    },
    forward: ({ orderId, envelope }) =>
      ask(
        deps,
        {
          method: 'POST',
          path: '/v1/orders',
          headers: { 'idempotency-key': orderId },
          message: { type: 'order', body: { orderId, envelope: toBase64(envelope) } },
        },
        'progress',
      ),
    status: (orderId) =>
      ask(
        deps,
        { method: 'GET', path: `/v1/orders/${orderId}`, message: { type: 'status', body: { orderId } } },
        'progress',
      ),
    cancel: (orderId) =>
      ask(
        deps,
        { method: 'DELETE', path: `/v1/orders/${orderId}`, message: { type: 'cancel', body: { orderId } } },
        'progress',
      ),
    reveal: async (body) => {
      const result = await ask(
        deps,
        { method: 'POST', path: '/v1/reveals', message: { type: 'reveal', body } },
        'revealed',
      );
      const undertaking = fromBase64(result.undertaking);
      await deps.trust
        .verify({
          purpose: 'qej-guarantee/1',
          content: undertaking,
          cms: fromBase64(result.undertakingCms),
          at: deps.clock.now(),
        })
        .then(({ uscc, certificate }) => {
          if (uscc !== deps.guarantorId || parseCertificate(certificate).profile !== 'bank-seal')
            throw new DomainError('E_SIGNATURE', { detail: 'undertaking of another seal' });
        });
      return {
        isInForce: result.isInForce,
        undertaking,
        undertakingCms: fromBase64(result.undertakingCms),
        certificate: fromBase64(result.certificate),
        restored: fromBase64(result.restored),
      };
    },
    release: (body) =>
      ask(deps, { method: 'POST', path: '/v1/releases', message: { type: 'release', body } }, 'progress'),
    verify: (body) => ask(deps, { method: 'POST', path: '/v1/verify', message: { type: 'verify', body } }, 'verified'),
    openEvent: async (signed, now) => {
      const { message } = await openMessage(deps, 'event', signed, now);
      return { nonce: message.nonce, event: message.body };
    },
  };
}
