import { withRetry } from '../http/retry.ts';

/**
 * The intake of a running platform: named in the app's page for browsers, or the app's port plus two, as `./qej up` lays
 * its origins out.
 */
export async function findIntakeOrigin(
  origin: string,
  doFetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<string> {
  // The platform may be starting, or starting again.
  const text = await withRetry(async () => (await doFetch(origin, { headers: { accept: 'text/html' } })).text());
  const found = /<meta name="qej-intake-origin" content="([^"]+)"/.exec(text)?.[1];
  if (found !== undefined && found.startsWith('http')) return new URL(found).origin;
  const url = new URL(origin);
  url.port = String(Number(url.port) + 2);
  return url.origin;
}
