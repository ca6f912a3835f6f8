import type { Context } from 'koa';

/** Parameter `:orderId` of the address; koa's router does not type its parameters. */
export const orderIdOf = (ctx: Context): string => String((ctx.params as Readonly<Record<string, unknown>>)['orderId']);
