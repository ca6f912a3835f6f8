import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';

export interface Listener {
  /** Under which browsers reach it. */
  readonly origin: string;
  readonly port: number;
  /** Requests before this answer 503. */
  serve(handler: RequestListener): void;
  onUpgrade(handler: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): void;
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly key: string; readonly cert: string };
}

const starting: RequestListener = (_request, response) => {
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '1' });
  response.end('正在启动 · starting');
};

/** `localhost` is bound to 127.0.0.1 alone; any other name to all addresses of the machine. */
const bindAddress = (host: string): string | undefined => (host === 'localhost' ? '127.0.0.1' : undefined);

/** Binds first, so that the origin is known before anything is built on it. */
export async function listen({ host, port, tls }: ListenOptions): Promise<Listener> {
  let handler: RequestListener = starting;
  const dispatch: RequestListener = (request, response) => handler(request, response);
  const server: Server =
    tls === undefined
      ? createServer(dispatch)
      : createSecureServer({ key: tls.key, cert: tls.cert, minVersion: 'TLSv1.2' }, dispatch);
  server.requestTimeout = 120_000;
  server.headersTimeout = 20_000;
  server.keepAliveTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE'
          ? new Error(`端口 ${port} 已被占用 · port ${port} is taken: stop the other program or use --port`, { cause })
          : cause,
      ),
    );
    server.listen(port, bindAddress(host), resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://${host}:${address.port}`,
    port: address.port,
    serve: (next) => {
      handler = next;
    },
    onUpgrade: (upgrade) => void server.on('upgrade', upgrade),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
