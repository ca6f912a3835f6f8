import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import process from 'node:process';
import Router from '@koa/router';
import { createApp } from '@qej/api';
import { api } from '@qej/contract';
import { systemClock } from '@qej/kernel';
import fastify from 'fastify';
import Koa from 'koa';

/** The same answer from every server: a checkpoint, about 500 bytes of JSON. */
export const answer = {
  note: `bench.example\n1000000\n${'A'.repeat(43)}=\n\n— bench.example ${'B'.repeat(100)}=\n`,
  origin: 'bench.example',
  verifierKey: `bench.example+00000000+${'C'.repeat(44)}`,
  witnesses: [
    { name: 'witness.example', verifierKey: `witness.example+00000000+${'D'.repeat(44)}`, independent: false },
  ],
};
/** The route stands last but a few in the contract: a linear router walks past nearly all others. */
export const path = '/api/log/checkpoint';

/** koa answers every failure itself: its promise does not reject. */
function serve(app: Koa): Server {
  const handle = app.callback();
  return createServer((request, response) => void handle(request, response));
}

/** Our stack as the platform builds it: all routes, problems, headers, origin check, both schemas; nobody logged in. */
function ours(): Server {
  const unused = (): never => {
    throw new Error('only one route is asked here');
  };
  const handlers = Object.fromEntries(Object.keys(api).map((name) => [name, unused]));
  const session = { set: unused, clear: unused, token: undefined };
  const app = createApp({
    routes: api,
    handlers: { ...handlers, getCheckpoint: () => Promise.resolve(answer) },
    authorize: () => Promise.resolve({ now: systemClock.now(), caller: undefined, session, origin: '' }),
    clock: systemClock,
    log: { error: unused },
    origins: [],
    contentSecurityPolicy: { 'default-src': ["'self'"] },
  });
  return serve(app);
}

/** koa and @koa/router with one route and nothing else. */
function bareKoa(): Server {
  const router = new Router();
  router.get(path, (ctx) => {
    ctx.type = 'application/json';
    ctx.body = JSON.stringify(answer);
  });
  const app = new Koa();
  app.use(router.routes());
  return serve(app);
}

function bareFastify(): Server {
  const app = fastify();
  app.get(path, (_request, reply) => reply.type('application/json').send(JSON.stringify(answer)));
  void app.ready();
  return createServer((request, response) => app.routing(request, response));
}

const bareNode = (): Server =>
  createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });

export const kinds = { ours, koa: bareKoa, fastify: bareFastify, node: bareNode } as const;
export type Kind = keyof typeof kinds;

/** `node api-server.ts KIND` prints its port and serves until standard input ends. */
if (import.meta.main) {
  const server = kinds[process.argv[2] as Kind]();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
  process.stdin.resume().on('end', () => process.exit(0));
}
