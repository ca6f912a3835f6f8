import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

/** What a command ended with. */
export interface StepEnd {
  readonly code: number;
  readonly output: string;
}

export function sh(script: string, args: readonly string[] = []): StepEnd {
  const ran = spawnSync('nice', ['sh', '-euc', script, 'sh', ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: ran.status ?? 128, output: `${ran.stdout}${ran.stderr}` };
}

const cacheFolder = (): string => join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'qingejian');

/** A bare Debian 12, made once by debootstrap and kept in the user's cache. */
export function bareDebian(): string {
  const folder = join(cacheFolder(), 'debian-12');
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const made = sh('debootstrap --variant=minbase bookworm "$1" http://deb.debian.org/debian', [`${folder}.new`]);
  if (made.code !== 0) throw new Error(`debootstrap: ${made.output.slice(-2000)}`);
  renameSync(`${folder}.new`, folder);
  return folder;
}

export interface RootFolder {
  readonly path: string;
  readonly remove: () => void;
}

/** A copy of a file tree to build in. */
export function copyOf(base: string): RootFolder {
  const path = mkdtempSync(join(tmpdir(), 'qej-image-'));
  const copied = sh('cp -a --reflink=auto "$1/." "$2"', [base, path]);
  if (copied.code !== 0) throw new Error(copied.output);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface Inside {
  readonly workFolder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  /** Only a loopback of its own: what runs there reaches nothing outside. */
  readonly offline?: boolean;
}

/** The machine's own certificates, so that an install behind a company proxy works in there too. */
const HOST_ROOTS = '/etc/ssl/certs/ca-certificates.crt';

/**
 * Runs a shell line inside a root folder in namespaces of its own: processes and mounts that it
 * leaves behind end with it.
 */
export function runInside(root: string, line: string, { workFolder, env, user, offline = false }: Inside): StepEnd {
  if (existsSync('/etc/resolv.conf')) cpSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'), { dereference: true });
  mkdirSync(join(root, 'run'), { recursive: true });
  if (existsSync(HOST_ROOTS)) cpSync(HOST_ROOTS, join(root, 'run/host-roots.crt'), { dereference: true });
  const variables = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: user === 'root' ? '/root' : `/home/${user}`,
    DEBIAN_FRONTEND: 'noninteractive',
    NODE_EXTRA_CA_CERTS: '/run/host-roots.crt',
    ...env,
  };
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const script = `
    root=$1 user=$2 folder=$3 line=$4 offline=$5; shift 5
    [ "$offline" = false ] || ip link set lo up
    mount -t proc proc "$root/proc"; mount --rbind /dev "$root/dev"; mount -t tmpfs tmpfs "$root/tmp"; chmod 1777 "$root/tmp"
    exec env -i "$@" chroot --userspec="$user" "$root" /bin/sh -c 'cd "$1" && exec /bin/sh -c "$2"' sh "$folder" "$line"`;
  const unshare = ['--mount', '--pid', '--fork', '--kill-child', ...(offline ? ['--net'] : [])];
  const args = [
    'unshare',
    ...unshare,
    'sh',
    '-euc',
    script,
    'sh',
    root,
    user,
    workFolder,
    line,
    String(offline),
    ...words,
  ];
  const ran = spawnSync('nice', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { code: ran.status ?? 128, output: `${ran.stdout}${ran.stderr}` };
}
