import { api, intakeApi, makeClient } from '@qej/contract';
import type { Api, Client, ClientOptions, PlatformApi } from '@qej/contract';
import { defaultRetry, withRetry } from './retry.ts';
import type { RetryPolicy } from './retry.ts';

export type PlatformClient = Client<PlatformApi>;
export type IntakeClient = Client<typeof intakeApi>;

/** The same functions, each asked again while the platform is away. */
export function retryingClient<A extends Api>(client: Client<A>, policy: RetryPolicy = defaultRetry): Client<A> {
  const functions = Object.entries(client) as [string, (call: unknown) => Promise<unknown>][];
  const wrapped = functions.map(
    ([name, ask]) => [name, (call: unknown) => withRetry(() => ask(call), policy)] as const,
  );
  // Each function keeps call and answer of the one it wraps.
  return Object.fromEntries(wrapped) as unknown as Client<A>;
}

/** The platform's own origin, without a session of its own: browsers send their cookie, public routes need none. */
export const platformClient = (options: ClientOptions, policy?: RetryPolicy): PlatformClient =>
  retryingClient(makeClient(api, options), policy);

/** The blind door: another origin, no cookies. */
export const intakeClient = (options: ClientOptions, policy?: RetryPolicy): IntakeClient =>
  retryingClient(makeClient(intakeApi, options), policy);
