/** Health check of the images: `node docker/health.ts URL` exits 0 when the URL answers below 500 within 4 s. */
const [url = ''] = process.argv.slice(2);
const answer = await fetch(url, { signal: AbortSignal.timeout(4000), redirect: 'manual' }).catch(() => undefined);
process.exitCode = answer !== undefined && answer.status < 500 ? 0 : 1;
