import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';
import { ApiError } from '@qej/contract';
import test from 'ava';
import { doOnce } from './once.ts';
import { isTransient, withRetry } from './retry.ts';
import { cookieJar } from './session-client.ts';

const refusal = (code: string, status: number): ApiError =>
  new ApiError({ type: 'about:blank', title: code, status, code });
const quick = { patienceMs: 2_000, firstPauseMs: 1, longestPauseMs: 20 };

async function listen(port: number, answer: () => number): Promise<Server> {
  const server = createServer((_request, response) => response.writeHead(answer()).end('{}'));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

test('a server that is away and comes back is asked until it answers', async (t) => {
  const first = await listen(0, () => 200);
  const port = portOf(first);
  first.close();
  await once(first, 'close');
  const asked = withRetry(async () => (await fetch(`http://127.0.0.1:${port}/`)).status, quick);
  const second = await listen(port, () => 200);
  t.is(await asked, 200);
  second.closeAllConnections();
  second.close();
});

test('only what may pass by itself is asked again', async (t) => {
  t.true(isTransient(refusal('E_UNAVAILABLE', 503)));
  t.true(isTransient(refusal('E_RATE_LIMIT', 429)));
  t.false(isTransient(refusal('E_INTERNAL', 500)));
  t.false(isTransient(refusal('E_STATE', 409)));
  t.false(isTransient(new Error('ours')));
  let asked = 0;
  const ask = async (): Promise<never> => {
    asked += 1;
    throw refusal('E_FORBIDDEN', 403);
  };
  await t.throwsAsync(withRetry(ask, quick), { instanceOf: ApiError, code: 'E_FORBIDDEN' });
  t.is(asked, 1);
});

test('patience has an end, and the last failure is told', async (t) => {
  const ask = async (): Promise<never> => {
    throw refusal('E_UNAVAILABLE', 503);
  };
  const short = { patienceMs: 50, firstPauseMs: 5, longestPauseMs: 10 };
  await t.throwsAsync(withRetry(ask, short), { instanceOf: ApiError, code: 'E_UNAVAILABLE' });
});

test('a step that an earlier try has done is not done twice', async (t) => {
  let acts = 0;
  const state = { done: false };
  const look = async (): Promise<true | undefined> => (state.done ? true : undefined);
  const act = async (): Promise<void> => {
    acts += 1;
    state.done = true;
    // The answer of the first try is lost; the second is refused because of it.
    throw refusal('E_STATE', 409);
  };
  t.true(await doOnce(look, act));
  t.true(await doOnce(look, act));
  t.is(acts, 1);
});

test('a refusal that is none of ours goes through at once', async (t) => {
  const act = async (): Promise<never> => {
    throw refusal('E_SIGNATURE', 422);
  };
  await t.throwsAsync(
    doOnce(async () => undefined, act),
    { instanceOf: ApiError, code: 'E_SIGNATURE' },
  );
});

test('a step waits for what it was told may pass, and no longer than its patience', async (t) => {
  let left = 3;
  const look = async (): Promise<true | undefined> => (left === 0 ? true : undefined);
  const act = async (): Promise<void> => {
    left -= 1;
    throw refusal('E_WINDOW_OPEN', 409);
  };
  t.true(await doOnce(look, act, { unless: ['E_WINDOW_OPEN'] }));
  const never = doOnce(async () => undefined, act, { unless: ['E_WINDOW_OPEN'], patienceMs: 10 });
  await t.throwsAsync(never, { instanceOf: ApiError, code: 'E_WINDOW_OPEN' });
});

test('a cookie is kept, sent back, replaced and dropped', async (t) => {
  const lines = [['qej_session=a; HttpOnly'], ['qej_session=b; Path=/'], [], ['qej_session=; Max-Age=0']];
  const jar = cookieJar(async () => {
    const headers = new Headers();
    for (const line of lines.shift() ?? []) headers.append('set-cookie', line);
    return new Response(null, { headers });
  });
  const seen: unknown[] = [jar.headers()];
  for (let i = 0; i < 4; i++) {
    await jar.fetch('http://localhost/');
    seen.push(jar.headers());
  }
  t.deepEqual(seen, [{}, { cookie: 'qej_session=a' }, { cookie: 'qej_session=b' }, { cookie: 'qej_session=b' }, {}]);
});
