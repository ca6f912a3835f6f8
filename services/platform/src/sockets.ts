import { findSession, SESSION_COOKIE } from '@qej/api';
import { DomainError } from '@qej/kernel';
import type { BasePorts } from '@qej/usecases';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { ExpertRooms } from './expert-rooms.ts';
import type { Listener } from './listeners.ts';
import { attachLiveSocket } from './live-socket.ts';
import type { PlatformLog } from './log.ts';

export interface SocketDeps {
  readonly base: BasePorts;
  readonly rooms: ExpertRooms;
  readonly log: PlatformLog;
  /** Pages that may open a socket with this browser's cookie. */
  readonly origins: readonly string[];
}

const MAX_MESSAGE_BYTES = 65_536;
/** RFC 6455: policy violation. */
const REFUSED = 1008;
const ROOM = /^\/api\/rooms\/([0-9a-f]{32})$/;

/** Cookies of a WebSocket request; koa is not there to read them. */
const cookieOf = (request: IncomingMessage, name: string): string | undefined =>
  request.headers.cookie
    ?.split(';')
    .map((part) => part.trim().split('='))
    .find(([key]) => key === name)?.[1];

async function admit(
  ws: WebSocket,
  path: string,
  token: string | undefined,
  { base, rooms }: SocketDeps,
): Promise<void> {
  const state = token === undefined ? undefined : await base.db.read((tx) => findSession(tx, token, base.clock.now()));
  if (path === '/api/live') return attachLiveSocket(ws, base.live, state?.caller.userId);
  const tenderId = ROOM.exec(path)?.[1] ?? '';
  if (state === undefined) throw new DomainError('E_LOGIN_REQUIRED');
  await rooms.attach(ws, tenderId, state.caller);
}

/** `/api/live` for pages, `/api/rooms/<tenderId>` for rooms; anything else is cut off. */
export function serveSockets(listener: Listener, deps: SocketDeps): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  listener.onUpgrade((request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = new URL(request.url ?? '/', 'http://local').pathname;
    const isKnown = path === '/api/live' || ROOM.test(path);
    const { origin } = request.headers;
    if (!isKnown || (origin !== undefined && !deps.origins.includes(origin))) return void socket.destroy();
    sockets.handleUpgrade(request, socket, head, (ws) => {
      admit(ws, path, cookieOf(request, SESSION_COOKIE), deps).catch((error: unknown) => {
        const code = error instanceof DomainError ? String(error.code) : 'E_INTERNAL';
        if (code === 'E_INTERNAL') deps.log.error('socket', { error: String(error) });
        ws.close(REFUSED, code);
      });
    });
  });
  return sockets;
}
