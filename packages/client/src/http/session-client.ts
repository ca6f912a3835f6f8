import { ApiError, makeClient, api } from '@qej/contract';
import { totpCode } from '@qej/identity';
import { canonicalBytes, Secret, systemClock, toBase64 } from '@qej/kernel';
import type { Clock } from '@qej/kernel';
import { signDetached } from '../sign.ts';
import type { Identity } from '../identity.ts';
import { retryingClient } from './api-clients.ts';
import type { PlatformClient } from './api-clients.ts';
import { defaultRetry, pause, withRetry } from './retry.ts';
import type { RetryPolicy } from './retry.ts';

/** Keeps the cookies of one origin, as a browser would. */
export function cookieJar(doFetch: typeof globalThis.fetch = globalThis.fetch): {
  readonly fetch: typeof globalThis.fetch;
  readonly headers: () => Readonly<Record<string, string>>;
} {
  const cookies = new Map<string, string>();
  return {
    fetch: async (input, init) => {
      const response = await doFetch(input, init);
      for (const line of response.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        const [name = '', value = ''] = pair.split('=');
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      return response;
    },
    headers: (): Readonly<Record<string, string>> => {
      if (cookies.size === 0) return {};
      return { cookie: Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ') };
    },
  };
}

export interface SessionOptions {
  readonly origin: string;
  readonly identity: Identity;
  readonly clock?: Clock;
  readonly retry?: RetryPolicy;
  readonly fetch?: typeof globalThis.fetch;
}

/** One person at work: a logged-in client that asks again while the platform is away and logs in anew when its session is gone. */
export interface SessionClient {
  readonly api: PlatformClient;
  readonly identity: Identity;
  readonly origin: string;
}

const TOTP_STEP_MS = 30_000;

async function logIn(client: PlatformClient, identity: Identity): Promise<void> {
  const { origin, nonce, expiresAt } = await client.certificateChallenge({ body: {} });
  const cms = await signDetached(identity.signer, 'qej-login/1', canonicalBytes({ origin, nonce, expiresAt }));
  const session = await client.loginWithCertificate({ body: { nonce, cms: toBase64(cms) } });
  const { actAs } = identity;
  if (actAs === undefined || session.actingAs?.role === actAs) return;
  const membership = session.memberships.find(({ roles }) => roles.includes(actAs));
  if (membership !== undefined) await client.actAs({ body: { membershipId: membership.membershipId, role: actAs } });
}

/** A step of the second factor counts once; the next one comes within 30 s. */
async function proveSecondFactor(client: PlatformClient, identity: Identity, clock: Clock): Promise<void> {
  const { totpSecret } = identity;
  if (totpSecret === undefined) return;
  for (let attempt = 0; ; attempt++) {
    try {
      await client.confirmSecondFactor({ body: { code: totpCode(new Secret(totpSecret), clock.now()) } });
      return;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'E_SECOND_FACTOR' || attempt >= 2) throw error;
      await pause(TOTP_STEP_MS - (clock.now() % TOTP_STEP_MS) + 200);
    }
  }
}

/** A challenge is spent by the try that was cut off: the whole log-in is begun again. */
const isLoginInterrupted = (error: unknown): boolean => error instanceof ApiError && error.code === 'E_CHALLENGE';

/**
 * Logs in by certificate (and one-time code where the identity has one).
 * @throws ApiError as the platform refuses
 */
export async function openSession(options: SessionOptions): Promise<SessionClient> {
  const { origin, identity, clock = systemClock, retry = defaultRetry } = options;
  const jar = cookieJar(options.fetch);
  const once = makeClient(api, { origin, fetch: jar.fetch, headers: jar.headers });
  let pending: Promise<void> | undefined;
  const login = (): Promise<void> => {
    pending ??= withRetry(async () => {
      try {
        await logIn(once, identity);
        await proveSecondFactor(once, identity, clock);
      } catch (error) {
        if (isLoginInterrupted(error)) throw new TypeError('log-in was interrupted', { cause: error });
        throw error;
      }
    }, retry).finally(() => {
      pending = undefined;
    });
    return pending;
  };
  const functions = Object.entries(once) as [string, (call: unknown) => Promise<unknown>][];
  const relogging = functions.map(([name, ask]) => {
    const again = async (call: unknown): Promise<unknown> => {
      try {
        return await ask(call);
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'E_LOGIN_REQUIRED') throw error;
        await login();
        return ask(call);
      }
    };
    return [name, again] as const;
  });
  await login();
  return { api: retryingClient(Object.fromEntries(relogging) as unknown as PlatformClient, retry), identity, origin };
}
