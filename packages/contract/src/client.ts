import { DomainError } from '@qej/kernel';
import type { Answer, Call, RouteDefinition } from './route.ts';

export type Api = Readonly<Record<string, RouteDefinition>>;
export type Client<A extends Api> = {
  readonly [K in keyof A]: (call: Call<A[K]>) => Promise<Answer<A[K]>>;
};

export interface ClientOptions {
  /** Origin of the platform, for example `http://localhost:8080`. */
  readonly origin: string;
  readonly fetch?: typeof globalThis.fetch;
  /** Added to each request: a cookie for clients that are no browser. */
  readonly headers?: () => Readonly<Record<string, string>>;
}

/** RFC 9457 problem document as the platform writes it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly reference?: string;
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
}

/** A refusal as the server worded it; `code` is in the error catalogue. */
export class ApiError extends DomainError {
  readonly status: number;
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.code, {
      detail: problem.detail ?? problem.title,
      ...(problem.params === undefined ? {} : { params: problem.params }),
    });
    this.name = 'ApiError';
    this.status = problem.status;
    this.problem = problem;
  }
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string';

async function refuse(response: Response): Promise<never> {
  const text = await response.text();
  let problem: unknown;
  try {
    problem = JSON.parse(text);
  } catch {
    problem = undefined;
  }
  if (isProblem(problem)) throw new ApiError(problem);
  throw new ApiError({
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    code: 'E_HTTP',
    detail: `HTTP ${response.status}`,
  });
}

/** Fills `:name` from params; every value is percent-encoded. */
export function fillPath(path: string, params: Readonly<Record<string, unknown>> | undefined): string {
  return path.replace(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(String(params?.[name])));
}

export function requestUrl(
  origin: string,
  route: RouteDefinition,
  call: { params?: unknown; query?: unknown },
): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries((call.query ?? {}) as Record<string, unknown>)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      query.set(key, String(value));
  }
  const search = query.size > 0 ? `?${query}` : '';
  return `${origin}/api${fillPath(route.path, call.params as Record<string, unknown> | undefined)}${search}`;
}

/** One function per route; types come from the contract, refusals are {@link ApiError}. */
export function makeClient<A extends Api>(api: A, options: ClientOptions): Client<A> {
  const doFetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  const send = async (route: RouteDefinition, call: Call<RouteDefinition>): Promise<unknown> => {
    const headers: Record<string, string> = {
      accept: route.bytesOut?.mediaType ?? 'application/json',
      ...options.headers?.(),
    };
    let body: BodyInit | undefined;
    if (route.bytesIn !== undefined) {
      headers['content-type'] = route.bytesIn.mediaType;
      body = call.bytes;
    } else if (call.body !== undefined) {
      headers['content-type'] = 'application/json';
      body = JSON.stringify(call.body);
    }
    const response = await doFetch(requestUrl(options.origin, route, call), {
      method: route.method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body }),
    });
    if (!response.ok) return refuse(response);
    if (route.bytesOut !== undefined) return new Uint8Array(await response.arrayBuffer());
    if (route.response === undefined) return undefined;
    return route.response.parse(await response.json());
  };
  const client = Object.fromEntries(
    Object.entries(api).map(([name, route]) => [name, (call: Call<RouteDefinition>) => send(route, call)]),
  );
  // Each function was built from the route of the same name, so the mapped type holds.
  return client as unknown as Client<A>;
}
