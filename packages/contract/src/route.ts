import type * as z from 'zod';
import type { Role } from './roles.ts';
import type { ErrorCode } from './errors.ts';

/** Which object the caller must have a stake in; the server resolves it from `tenderId` (or the named param) and the session. */
export type Scope =
  | 'own-organization' // rows of the organisation the caller acts for
  | 'tender-agency' // the agency of this tender
  | 'tender-tenderee' // the tenderee of this tender
  | 'tender-staff' // agency or tenderee of this tender
  | 'tender-witness' // the venue witness named as holder or participant
  | 'tender-bidder' // a bidder whose bid of this tender has been opened
  | 'tender-committee' // a signed-in member of this tender's committee
  | 'tender-participant'; // any of the above, and the supervisor

export type Access =
  | { readonly kind: 'public' }
  /** Anybody logged in, whatever the role. */
  | { readonly kind: 'session' }
  /** Authenticated by a signature in the body (holders, banks): no session, still named here. */
  | { readonly kind: 'signed'; readonly by: 'holder' | 'guarantor' }
  | {
      readonly kind: 'roles';
      readonly roles: readonly Role[];
      readonly scope?: Scope;
      readonly secondFactor?: true;
    };

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
type Schema = z.ZodType;

/** `bytes` bodies and answers are streamed as they are; everything else is JSON. */
export interface RouteDefinition {
  readonly method: Method;
  /** Below `/api`; parameters as `:name`. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: Schema;
  /** Media type of a binary body, with its largest size in bytes. */
  readonly bytesIn?: { readonly mediaType: string; readonly maxBytes: number };
  readonly response?: Schema;
  readonly bytesOut?: { readonly mediaType: string };
  readonly status?: 200 | 201 | 202 | 204;
  readonly errors: readonly ErrorCode[];
}

/** Keeps literal types; one call per endpoint. */
export const defineRoute = <const R extends RouteDefinition>(route: R): R => route;

export const open = { kind: 'public' } as const;
export const anySession = { kind: 'session' } as const;
export const signedBy = <const B extends 'holder' | 'guarantor'>(by: B) => ({ kind: 'signed', by }) as const;
export const only = <const R extends readonly Role[]>(...roles: R) => ({ kind: 'roles', roles }) as const;
export const within = <const S extends Scope, const R extends readonly Role[]>(scope: S, ...roles: R) =>
  ({ kind: 'roles', roles, scope }) as const;
export const twoFactor = <const A extends { kind: 'roles' }>(access: A) => ({ ...access, secondFactor: true }) as const;

type Out<S> = S extends z.ZodType ? z.output<S> : undefined;
type In<S> = S extends z.ZodType ? z.input<S> : undefined;

/** What a handler gets, after validation. */
export interface Input<R extends RouteDefinition> {
  readonly params: Out<R['params']>;
  readonly query: Out<R['query']>;
  readonly body: Out<R['body']>;
  /** The raw body where the route declares `bytesIn`. */
  readonly bytes: R extends { bytesIn: object } ? Uint8Array : undefined;
}
/** What a handler gives back. */
export type Output<R extends RouteDefinition> = R extends { bytesOut: object }
  ? Uint8Array | ReadableStream<Uint8Array>
  : R extends { response: z.ZodType }
    ? z.input<R['response']>
    : void;

type Optional<Name extends string, S> = S extends z.ZodType
  ? { readonly [K in Name]: In<S> }
  : { readonly [K in Name]?: undefined };
/** What a client passes. */
export type Call<R extends RouteDefinition> = Optional<'params', R['params']> &
  Optional<'query', R['query']> &
  Optional<'body', R['body']> &
  (R extends { bytesIn: object } ? { readonly bytes: Uint8Array<ArrayBuffer> | Blob } : { readonly bytes?: undefined });
/** What a client gets. */
export type Answer<R extends RouteDefinition> = R extends { bytesOut: object }
  ? Uint8Array<ArrayBuffer>
  : R extends { response: z.ZodType }
    ? z.output<R['response']>
    : undefined;
