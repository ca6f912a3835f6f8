import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';

const listen = async (port: number): Promise<Server | undefined> => {
  const server = createServer();
  const outcome = new Promise<boolean>((resolve) => {
    server.once('listening', () => resolve(true));
    server.once('error', () => resolve(false));
  });
  server.listen(port, '127.0.0.1');
  return (await outcome) ? server : undefined;
};

async function closeAll(servers: readonly Server[]): Promise<void> {
  for (const server of servers) {
    server.close();
    await once(server, 'close');
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/**
 * The first of `count` free ports in a row on 127.0.0.1, for a platform that must come back on the same ones. They are free when
 * this returns; nobody keeps them.
 */
export async function findFreePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const first = await listen(0);
    if (first === undefined) continue;
    const from = portOf(first);
    const taken: Server[] = [first];
    for (let offset = 1; offset < count && from + offset < 65_000; offset++) {
      const next = await listen(from + offset);
      if (next === undefined) break;
      taken.push(next);
    }
    await closeAll(taken);
    if (taken.length === count) return from;
  }
  throw new Error(`no ${count} free ports in a row`);
}
