import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { DomainError } from '@qej/kernel';

/**
 * One process per folder. On Linux an abstract socket, which the kernel frees with the process, also after kill -9;
 * elsewhere nothing is locked. Two containers that share a folder but no network name space do not see each other.
 * @throws DomainError `E_WITNESS_BUSY`
 */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  if (process.platform !== 'linux') return async () => {};
  const name = `\0qej-witness-${createHash('sha256')
    .update(await realpath(dir))
    .digest('hex')}`;
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new DomainError('E_WITNESS_BUSY', {
              detail: '此目录的见证人已在运行 / a witness already runs on this folder',
              cause,
            })
          : cause,
      );
    });
    server.listen(name, resolve);
  });
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}
