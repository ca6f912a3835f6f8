import type { Input, Output, PlatformApi } from '@qej/contract';
import type { Instant } from '@qej/kernel';
import type { Caller, MaybeCaller } from './ports.ts';

/** What every handler gets besides its input. `now` is the clock, read once when the request had arrived. */
export interface RequestContext {
  readonly now: Instant;
  readonly caller: MaybeCaller;
  /** Sets or clears the session cookie; used by the log-in handlers alone. */
  readonly session: {
    set(token: string, expiresAt: Instant): void;
    clear(): void;
    readonly token: string | undefined;
  };
  readonly origin: string;
}
/** A route whose access is `roles` or `session` always has a caller. */
export interface AuthenticatedContext extends RequestContext {
  readonly caller: Caller;
}

type ContextOf<R> = R extends { access: { kind: 'roles' | 'session' } } ? AuthenticatedContext : RequestContext;

export type Handler<K extends keyof PlatformApi> = (
  input: Input<PlatformApi[K]>,
  context: ContextOf<PlatformApi[K]>,
) => Promise<Output<PlatformApi[K]>>;
/** One module implements a named part of the table; the api composes all parts and the compiler says what is missing. */
export type Handlers<K extends keyof PlatformApi = keyof PlatformApi> = {
  readonly [Name in K]: Handler<Name>;
};
