import type { Middleware } from 'koa';

/** Answers leave on this grid, counted from the arrival of the request: their time says nothing finer about the work. */
export const GRID_MS = 50;

export const onGrid: Middleware = async (_ctx, next) => {
  const arrivedMs = performance.now();
  await next();
  const elapsedMs = performance.now() - arrivedMs;
  const waitMs = Math.ceil(elapsedMs / GRID_MS) * GRID_MS - elapsedMs;
  await new Promise((resolve) => setTimeout(resolve, waitMs));
};
