import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { answer, kinds, path, type Kind } from '../api-server.ts';
import { interleave, ratioOf, type Side, type Turn } from '../harness.ts';
import type { Job } from '../job.ts';

const CONNECTIONS = 64;
const SECONDS = 3;
/** Clock ticks a second in /proc, fixed at 100 on Linux. */
const TICKS = 100;

interface Running {
  readonly kind: Kind;
  readonly child: ChildProcess;
  readonly url: string;
}

async function start(kind: Kind): Promise<Running> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../api-server.ts'), kind], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { kind, child, url: `http://127.0.0.1:${port.toString().trim()}${path}` };
}

/** User and system CPU seconds of a process so far (proc(5), fields 14 and 15). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Requests answered for each CPU second of the server: what else the machine does hardly matters. */
async function turn({ child, url, kind }: Running, seconds: number): Promise<Turn> {
  const got: unknown = await (await fetch(url)).json();
  if (JSON.stringify(got) !== JSON.stringify(answer)) throw new Error(`${kind} answers wrongly`);
  const before = cpuSeconds(child.pid ?? 0);
  const args = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, url];
  const ran = spawnSync('wrk', args, { encoding: 'utf8' });
  const operations = Number(/(\d+) requests in/.exec(ran.stdout)?.[1]);
  if (!(operations > 0) || /Non-2xx|Socket errors/.test(ran.stdout))
    throw new Error(`${kind}: ${ran.stdout}${ran.stderr}`);
  return { operations, seconds: cpuSeconds(child.pid ?? 0) - before };
}

const comparisons = [
  { name: 'our stack with all routes against bare koa and router with one', sides: ['ours', 'koa'], goal: '≥ 0.75' },
  { name: 'our stack against fastify with one route', sides: ['ours', 'fastify'] },
  { name: 'our stack against node:http', sides: ['ours', 'node'] },
  { name: 'bare koa against fastify', sides: ['koa', 'fastify'] },
] as const;

export const apiJob: Job = {
  name: 'api',
  title: 'one public read by wrk, requests per CPU second of the server',
  async run({ rounds, quick }) {
    const running = await Promise.all((Object.keys(kinds) as Kind[]).map(start));
    try {
      const sides = running.map((one): Side => ({ name: one.kind, turn: () => turn(one, quick ? 1 : SECONDS) }));
      const rates = await interleave(sides, rounds);
      return comparisons.map(({ name, sides: pair, ...rest }) => ratioOf({ job: 'api', name, ...rest }, rates, pair));
    } finally {
      for (const { child } of running) child.stdin?.end();
    }
  },
};
