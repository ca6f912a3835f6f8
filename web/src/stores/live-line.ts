export interface LiveLine {
  /** Opens the socket, again if it was open, so that it belongs to the present session. */
  reconnect(): void;
  stop(): void;
}
export type LineState = 'connecting' | 'open' | 'closed';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** One WebSocket that comes back by itself, waiting longer each time up to a quarter of a minute. */
export function makeLiveLine(
  url: string,
  on: { state(state: LineState): void; message(data: unknown): void; restored(): void },
): LiveLine {
  let socket: WebSocket | undefined;
  let isStopped = false;
  let wait = FIRST_WAIT_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const connect = (): void => {
    const opened = new WebSocket(url);
    socket = opened;
    opened.addEventListener('open', () => {
      on.state('open');
      // Whatever happened while the line was down is fetched now.
      if (wait > FIRST_WAIT_MS) on.restored();
      wait = FIRST_WAIT_MS;
    });
    opened.addEventListener('message', ({ data }) => on.message(data));
    opened.addEventListener('close', () => {
      if (isStopped || socket !== opened) return;
      on.state('closed');
      timer = setTimeout(connect, wait);
      wait = Math.min(LONGEST_WAIT_MS, wait * 2);
    });
  };
  const drop = (): void => {
    clearTimeout(timer);
    const old = socket;
    socket = undefined;
    old?.close();
  };
  return {
    reconnect: () => {
      drop();
      if (!isStopped) connect();
    },
    stop: () => {
      isStopped = true;
      drop();
    },
  };
}
