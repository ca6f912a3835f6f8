import { newId } from '@qej/kernel';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

/**
 * URL of an empty database of one's own. Without DATABASE_URL, or with one of SQLite: a file in `directory`. Where DATABASE_URL names
 * a MariaDB or MySQL server: a new database on it, made with the client program `mariadb`; the server is private and goes with it.
 *
 * Each test world needs its own: the rows of an evidence log and the guard file beside them belong together.
 */
export function ownDatabaseUrl(directory: string): string {
  const url = process.env['DATABASE_URL'];
  if (url === undefined || url.startsWith('sqlite:')) return `sqlite:${join(directory, `${newId()}.db`)}`;
  const { hostname, port, username, password } = new URL(url);
  const name = `qej_${newId()}`;
  const account = [`--host=${hostname}`, `--port=${port || '3306'}`, `--user=${decodeURIComponent(username)}`];
  const made = spawnSync(
    'mariadb',
    ['--no-defaults', ...account, '-e', `create database ${name} character set utf8mb4`],
    {
      encoding: 'utf8',
      env: { ...process.env, MYSQL_PWD: decodeURIComponent(password) },
    },
  );
  if (made.status !== 0) throw new Error(`create database: ${made.error?.message ?? made.stderr}`);
  return url.replace(/\/[^/]*$/, `/${name}`);
}
