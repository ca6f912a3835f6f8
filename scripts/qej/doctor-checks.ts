import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, globSync, mkdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { systemClock } from '../../packages/kernel/src/index.ts';
import { missingPackages, type Purpose } from './debian-packages.ts';
import { repositoryRoot } from './surroundings.ts';

/** What a check found; `mend` says what to do. A warning does not keep the platform from starting. */
export interface Finding {
  readonly grade: 'good' | 'warning' | 'bad';
  readonly found: string;
  readonly mend?: string;
}

export interface DoctorCheck {
  readonly name: string;
  readonly look: () => Finding | Promise<Finding>;
}

const good = (found: string): Finding => ({ grade: 'good', found });
const bad = (found: string, mend: string): Finding => ({ grade: 'bad', found, mend });
const warning = (found: string, mend: string): Finding => ({ grade: 'warning', found, mend });
const inRoot = (path: string): string => join(repositoryRoot, path);

const wantedNode = (): string => /NODE_V=(\S+)/.exec(readFileSync(inRoot('qej'), 'utf8'))?.[1] ?? '?';

function node(): Finding {
  const found = process.versions.node;
  return found === wantedNode() ? good(found) : bad(`${found} ≠ ${wantedNode()}`, 'rm -rf .tools && ./qej help');
}

function pnpm(): Finding {
  const { stdout, error } = spawnSync('pnpm', ['--version'], { encoding: 'utf8', cwd: repositoryRoot });
  return error ? bad(error.message, 'rm -rf .tools && ./qej help') : good(stdout.trim());
}

function packages(): Finding {
  const mend = 'rm -rf node_modules && ./qej help';
  const projects = globSync('{packages,services}/*/package.json', { cwd: repositoryRoot });
  const bare = projects.filter((path) => {
    const { dependencies = {} } = JSON.parse(readFileSync(inRoot(path), 'utf8')) as { dependencies?: object };
    return Object.keys(dependencies).some(
      (name) => !existsSync(inRoot(path.replace('package.json', `node_modules/${name}`))),
    );
  });
  return bare.length === 0 ? good(`${projects.length} projects linked`) : bad(`incomplete: ${bare.join(', ')}`, mend);
}

const debian = (purpose: Purpose, grade: 'bad' | 'warning') => (): Finding => {
  const missing = missingPackages([purpose]);
  if (missing.length === 0) return good('all there');
  const mend = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  return { grade, found: `missing 缺少: ${missing.join(' ')}`, mend };
};

/** The first port of `./qej up` and the ones after it. */
async function ports(): Promise<Finding> {
  const taken: number[] = [];
  for (const port of [8080, 8081, 8082, 8083, 8084]) {
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.close();
    if (!free) taken.push(port);
  }
  if (taken.length === 0) return good('8080–8084 free 空闲');
  return bad(`in use 被占用: ${taken.join(', ')}`, './qej up --port 9080   (what holds them: ss -ltnp)');
}

function mediaWorker(): Finding {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const cached = globSync(join(cache, `qingejian/media-worker/*-${process.arch}/mediasoup-worker`));
  const paths = [process.env['MEDIASOUP_WORKER_BIN'] ?? '', ...cached].filter((path) => existsSync(path));
  // Started by nobody, a sound worker ends with 41.
  const sound = paths.find((path) => spawnSync(path, { env: {}, stdio: 'ignore', timeout: 5000 }).status === 41);
  if (sound !== undefined) return good(sound);
  const mend = 'node docker/media-worker/get-worker.ts   (./qej exec …; some minutes)';
  if (paths.length > 0) return warning(`does not run here: ${paths.join(', ')}`, mend);
  return warning('not there yet; ./qej up fetches or builds it', mend);
}

const FREE_BYTES_WANTED = 2 * 1024 ** 3;

function disk(): Finding {
  const { bavail, bsize } = statfsSync(repositoryRoot);
  const free = bavail * bsize;
  const found = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  return free >= FREE_BYTES_WANTED ? good(found) : bad(found, 'make room: at least 2 GiB are needed 至少需要 2 GiB');
}

/** A clock behind the checkout's own files is wrong for sure; else what systemd knows. */
function clock(): Finding {
  const now = systemClock.now();
  const mend = 'timedatectl set-ntp true   (legal deadlines are decided by this clock 截止时间以此时钟为准)';
  if (now + 60_000 < statSync(inRoot('pnpm-lock.yaml')).mtimeMs) return bad('behind the files of this checkout', mend);
  const { stdout } = spawnSync('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], { encoding: 'utf8' });
  const known = (stdout ?? '').trim();
  const found = new Date(now).toISOString();
  return known === 'no'
    ? warning(`${found}, not synchronised`, mend)
    : good(known === 'yes' ? `${found}, synchronised` : found);
}

function fonts(): Finding {
  const shipped = globSync('packages/documents/fonts/*.{ttf,otf}', { cwd: repositoryRoot }).length;
  if (shipped === 0) return bad('packages/documents/fonts is empty', 'git checkout packages/documents/fonts');
  const { stdout } = spawnSync('fc-list', [':lang=zh-cn', 'family'], { encoding: 'utf8' });
  if ((stdout ?? '').trim() !== '') return good(`${shipped} for PDF, system has Chinese`);
  return warning(`${shipped} for PDF; none on this system for a browser here`, 'apt-get install -y fonts-noto-cjk');
}

/** Whether a TCP server answers where DATABASE_URL points. */
async function reachable(url: URL): Promise<boolean> {
  const socket = connect(Number(url.port || 3306), url.hostname);
  socket.setTimeout(3000, () => socket.destroy(new Error('timeout')));
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function database(): Promise<Finding> {
  const given = process.env['DATABASE_URL'] ?? '';
  if (given !== '' && !given.startsWith('sqlite:')) {
    const url = new URL(given);
    const where = `${url.protocol}//${url.host}${url.pathname}`;
    return (await reachable(url))
      ? good(`${where} answers`)
      : bad(`${where} does not answer`, 'start it, or unset DATABASE_URL');
  }
  const folder = process.env['QEJ_DATA'] ?? inRoot('data');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return good(`SQLite in ${folder}`);
  } catch {
    return bad(`${folder} cannot be written`, `chown -R $(id -un) ${folder}`);
  }
}

/** In the order in which `./qej up` would stumble. */
export const doctorChecks: readonly DoctorCheck[] = [
  { name: 'Node', look: node },
  { name: 'pnpm', look: pnpm },
  { name: 'packages 依赖', look: packages },
  { name: 'disk 磁盘', look: disk },
  { name: 'clock 时钟', look: clock },
  { name: 'ports 端口', look: ports },
  { name: 'database 数据库', look: database },
  { name: 'fonts 字体', look: fonts },
  { name: 'run: Debian', look: debian('run', 'bad') },
  { name: 'media worker 音视频', look: mediaWorker },
  { name: 'test: Debian', look: debian('test', 'warning') },
  { name: 'bench: Debian', look: debian('bench', 'warning') },
];
