/**
 * The intake of a running platform: named in the app's page for browsers, or the app's port plus two, as `./qej up` lays
 * its origins out.
 */
export async function findIntakeOrigin(
  origin: string,
  doFetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<string> {
  const page = await doFetch(origin, { headers: { accept: 'text/html' } });
  const found = /<meta name="qej-intake-origin" content="([^"]+)"/.exec(await page.text())?.[1];
  if (found !== undefined && found.startsWith('http')) return new URL(found).origin;
  const url = new URL(origin);
  url.port = String(Number(url.port) + 2);
  return url.origin;
}
