import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fromUtf8 } from '@qej/kernel';
import type { Witness } from './witness.ts';

export interface About {
  readonly v: 1;
  readonly name: string;
  readonly vkey: string;
  readonly independent: false;
  readonly statement: { readonly zh: string; readonly en: string };
  readonly origins: readonly string[];
}

export interface RunningServer {
  readonly url: string;
  /** Answers what is under way, takes nothing new; after five seconds what still hangs is cut. Idempotent. */
  close(): Promise<void>;
}

const MAX_BODY = 64 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 5_000;

type Reply = { readonly status: number; readonly contentType: string; readonly body: string; readonly allow?: string };
const text = (status: number, body: string): Reply => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body: `${body}\n`,
});

async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer; // no encoding is set on the request
    length += bytes.length;
    if (length > MAX_BODY) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

async function addCheckpoint(request: IncomingMessage, witness: Witness): Promise<Reply> {
  const bytes = await readBody(request);
  if (bytes === undefined) return text(413, 'request is too long');
  let body: string;
  try {
    body = fromUtf8(bytes);
  } catch (cause) {
    if (cause instanceof TypeError) return text(400, 'not UTF-8');
    throw cause;
  }
  return witness.addCheckpoint(body);
}

async function route(request: IncomingMessage, witness: Witness, about: About): Promise<Reply> {
  const path = (request.url ?? '').split('?')[0];
  if (path === '/add-checkpoint') {
    return request.method === 'POST' ? addCheckpoint(request, witness) : { ...text(405, 'use POST'), allow: 'POST' };
  }
  if (path === '/about') {
    if (request.method !== 'GET') return { ...text(405, 'use GET'), allow: 'GET' };
    return { status: 200, contentType: 'application/json; charset=utf-8', body: `${JSON.stringify(about, null, 2)}\n` };
  }
  return text(404, 'nothing here');
}

function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, {
    'content-type': reply.contentType,
    'content-length': Buffer.byteLength(reply.body),
    'cache-control': 'no-store',
    ...(reply.allow === undefined ? {} : { allow: reply.allow }),
    ...(reply.status === 413 ? { connection: 'close' } : {}),
  });
  response.end(reply.body);
}

/** The one place where an unforeseen failure becomes a bare 500: nothing was signed. */
function answerer(witness: Witness, about: About, log: (line: string) => void) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    route(request, witness, about)
      .catch((cause: unknown) => {
        log(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
        return text(500, 'the witness could not answer');
      })
      .then((reply) => send(response, reply))
      .catch((cause: unknown) => log(String(cause)));
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** @param input.log one line per unforeseen failure */
export async function startServer(input: {
  readonly witness: Witness;
  readonly about: About;
  readonly host: string;
  readonly port: number;
  readonly log: (line: string) => void;
}): Promise<RunningServer> {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS },
    answerer(input.witness, input.about, input.log),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(input.port, input.host, resolve);
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const host = input.host.includes(':') ? `[${input.host}]` : input.host;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${host}:${port}`,
    close: () => (closing ??= closeServer(server)),
  };
}
