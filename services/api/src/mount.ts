import type { RouteDefinition } from '@qej/contract';
import type { Clock } from '@qej/kernel';
import type { AuthenticatedContext, RequestContext } from '@qej/usecases';
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { Readable } from 'node:stream';
import { readBytes, readJson } from './body.ts';
import { ValidationError } from './problem.ts';

type AnyHandler = (input: unknown, context: AuthenticatedContext) => Promise<unknown>;
type Schema = NonNullable<RouteDefinition['response']>;

/** Resolves who calls and refuses who may not, before the body is read. */
export type Authorize = (
  route: RouteDefinition,
  ctx: Context,
  params: Readonly<Record<string, string>>,
) => Promise<RequestContext>;

function parse(schema: Schema | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ValidationError(
    parsed.error.issues.map(({ path, message }) => ({ path: [where, ...path].join('.'), message })),
  );
}

function answer(ctx: Context, route: RouteDefinition, output: unknown): void {
  ctx.status = route.status ?? 200;
  if (route.bytesOut !== undefined) {
    ctx.type = route.bytesOut.mediaType;
    ctx.body = output instanceof ReadableStream ? Readable.fromWeb(output as never) : Buffer.from(output as Uint8Array);
    ctx.set('x-content-type-options', 'nosniff');
    return;
  }
  if (route.response === undefined) {
    ctx.status = 204;
    return;
  }
  const encoded = route.response.safeParse(output);
  // A programmer's mistake: the use case returned what the contract does not know.
  if (!encoded.success)
    throw new Error(
      `answer breaks the contract: ${encoded.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`,
    );
  ctx.type = 'application/json';
  ctx.body = JSON.stringify(encoded.data);
}

/** First segment below `/api` and number of segments: a handful of routes share one. */
function bucketOf(path: string): string {
  const [, , first = '', ...rest] = path.split('/');
  return `${first}/${rest.length}`;
}

/**
 * Mounts each route of a contract on the handler of the same name, below `/api`. A router matches its routes one after the
 * other, so each bucket gets a router of its own: a request is matched against a handful of routes, not all hundred.
 */
export function mountRoutes(
  routes: Readonly<Record<string, RouteDefinition>>,
  handlers: Readonly<Record<string, unknown>>,
  deps: { readonly authorize: Authorize; readonly clock: Clock },
): Middleware {
  const routers = new Map<string, Router>();
  for (const [name, route] of Object.entries(routes)) {
    const bucket = bucketOf(`/api${route.path}`);
    const router = routers.get(bucket) ?? new Router();
    routers.set(bucket, router);
    const handler = handlers[name] as AnyHandler | undefined;
    if (handler === undefined) throw new Error(`route ${name} has no handler`);
    router.register(`/api${route.path}`, [route.method.toLowerCase()], async (ctx) => {
      const context = await deps.authorize(route, ctx, ctx.params as Record<string, string>);
      const input = {
        params: parse(route.params, ctx.params, 'params'),
        query: parse(route.query, { ...ctx.query }, 'query'),
        bytes: route.bytesIn === undefined ? undefined : await readBytes(ctx.req, route.bytesIn.maxBytes),
        body: route.body === undefined ? undefined : parse(route.body, await readJson(ctx.req), 'body'),
      };
      // The clock is read once, when the whole message has arrived (PRODUCT I2).
      answer(ctx, route, await handler(input, { ...context, now: deps.clock.now() } as AuthenticatedContext));
    });
  }
  const matchers = new Map(
    Array.from(routers, ([bucket, router]) => [bucket, router.routes() as unknown as Middleware]),
  );
  return (ctx, next) => {
    const matcher = ctx.path.startsWith('/api/') ? matchers.get(bucketOf(ctx.path)) : undefined;
    return matcher === undefined ? next() : (matcher(ctx, next) as Promise<unknown>);
  };
}
