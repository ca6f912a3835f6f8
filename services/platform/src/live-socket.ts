import type { LiveBus, LiveEvent } from '@qej/usecases';
import type { WebSocket } from 'ws';

const PING_MS = 20_000;

/**
 * `/api/live`: tells a page that something it shows has changed, never what. Events that concern one user go to
 * that user's sockets alone.
 */
export function attachLiveSocket(socket: WebSocket, live: LiveBus, userId: string | undefined): void {
  const send = (event: LiveEvent): void => {
    if (event.userId !== undefined && event.userId !== userId) return;
    if (socket.readyState === socket.OPEN)
      socket.send(JSON.stringify({ topic: event.topic, tenderId: event.tenderId }));
  };
  const stop = live.subscribe(send);
  const ping = setInterval(() => socket.ping(), PING_MS);
  socket.on('message', () => socket.close(1008, 'nothing is expected here'));
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clearInterval(ping);
    stop();
  });
}
