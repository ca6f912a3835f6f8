import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { findFreePorts, startTestPlatform } from '../../../packages/testkit/src/index.ts';
import type { TestPlatform } from '../../../packages/testkit/src/index.ts';
import { isBuilt, programPath } from '../hand-to-program.ts';
import { runCommand } from '../run-command.ts';
import { repositoryRoot, say } from '../surroundings.ts';
import { closingLine } from '../test-counts.ts';
import type { Counts } from '../test-counts.ts';
import type { TestStep } from '../test-steps.ts';

export interface KillRun {
  /** Share of the write boundaries at which the platform is killed, chosen by the hash of their labels; 1 = all. */
  readonly share: number;
  readonly bidders: number;
  readonly fileMb: number;
  /** Restarts eat time: the deadline lies so far ahead. */
  readonly deadlineS: number;
}

const LAUNCHER = 'scripts/qej/full/kill-platform.ts';
/** Data that outlive every kill, and where the killing is remembered. */
interface Place {
  readonly folder: string;
  readonly data: string;
  readonly done: string;
  readonly trace: string;
  readonly port: number;
}

const labelsIn = (file: string): string[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];

/** CA, identities and database are made in peace; only the demo is disturbed. */
async function prepare(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'qej-kill-'));
  const place = {
    folder,
    data: join(folder, 'data'),
    done: join(folder, 'done'),
    trace: join(folder, 'trace'),
    port: await findFreePorts(6),
  };
  const platform = await startTestPlatform({ data: place.data, port: place.port });
  await platform.close();
  return place;
}

interface Supervisor {
  /** Ends the loop and the platform. @returns how often it was started and what ended it other than a kill */
  stop(): Promise<{ readonly starts: number; readonly odd: readonly string[] }>;
}

/** Starts the platform again each time it is gone, on the same ports and data, as an init system would. */
function supervise(place: Place, share: number): Supervisor {
  let current: TestPlatform | undefined;
  let stopping = false;
  let starts = 0;
  const odd: string[] = [];
  const args = ['--done', place.done, '--trace', place.trace, '--share', String(share)];
  const loop = (async () => {
    while (!stopping) {
      starts += 1;
      try {
        current = await startTestPlatform({ data: place.data, port: place.port, entry: LAUNCHER, args });
        const ended = await current.exited;
        if (ended !== 'SIGKILL' && !stopping) odd.push(String(ended));
      } catch (error) {
        // Killed while starting, or its children of before were not gone yet: once more.
        const message = error instanceof Error ? error.message : String(error);
        if (!message.includes('SIGKILL')) odd.push(message);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    }
  })();
  return {
    stop: async () => {
      stopping = true;
      await current?.close();
      await loop;
      return { starts, odd };
    },
  };
}

interface Played {
  readonly code: number;
  readonly figures: { readonly state?: string; readonly receiptsVerified?: number; readonly bids?: readonly unknown[] };
}

async function playDemo(place: Place, run: KillRun): Promise<Played> {
  const { bidders, fileMb, deadlineS } = run;
  const args = [
    '--origin',
    `http://localhost:${place.port}`,
    '--data',
    place.data,
    '--out',
    join(place.folder, 'out'),
    '--json',
  ];
  const amounts = [
    '--bidders',
    String(bidders),
    '--file-mb',
    String(fileMb),
    '--deadline-s',
    String(deadlineS),
    '--seed',
    'kill',
  ];
  const child = spawn(process.execPath, [programPath('demo'), ...args, ...amounts], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    process.stdout.write(chunk);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  return { code: code ?? 128, figures: last.startsWith('{') ? (JSON.parse(last) as Played['figures']) : {} };
}

/** What an outsider has: public roots and the witness's key, nothing out of the archive. */
function policyOf({ data }: Place): string[] {
  const { vkey } = JSON.parse(readFileSync(join(data, 'witness/witness-state.json'), 'utf8')) as { vkey: string };
  return ['--roots', join(data, 'public-trust/roots.pem'), '--witness', vkey];
}

async function verifyArchives(place: Place): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const name of ['archive-public.qej', 'archive-full.qej']) {
    const file = join(place.folder, 'out', name);
    if (!existsSync(file)) failed.push(`${name} is missing`);
    else if (isBuilt('verify')) {
      const { code } = await runCommand(process.execPath, [programPath('verify'), file, ...policyOf(place)]);
      if (code !== 0) failed.push(`${name} does not verify`);
    }
  }
  return failed;
}

/** One demo while the platform is killed once at each write boundary that it crosses. One check a boundary, and those at the end. */
export async function killDemo(run: KillRun): Promise<Counts> {
  const place = await prepare();
  const supervisor = supervise(place, run.share);
  try {
    const { code, figures } = await playDemo(place, run);
    const { starts, odd } = await supervisor.stop();
    const killed = labelsIn(place.done);
    const crossed = labelsIn(place.trace);
    const problems = [
      ...(code === 0 ? [] : [`the demo ended with ${code}`]),
      ...(figures.state === 'contracted' ? [] : [`the tender ended ${figures.state}`]),
      ...(figures.receiptsVerified === run.bidders
        ? []
        : [`${figures.receiptsVerified} of ${run.bidders} receipts verified`]),
      ...(code === 0 ? await verifyArchives(place) : []),
    ];
    say(`${crossed.length} write boundaries crossed, killed at ${killed.length} of them, started ${starts} times`);
    for (const label of killed) say(`killed at ${label}`);
    for (const one of new Set(odd)) say(`ended otherwise: ${one}`);
    for (const problem of problems) say(`FAILED ${problem}`);
    return { passed: killed.length + (problems.length === 0 ? 1 : 0), failed: problems.length };
  } finally {
    await supervisor.stop();
    rmSync(place.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export const killPart: TestStep = {
  name: 'kill',
  title: 'one demo, the platform killed (SIGKILL) once at every write boundary it crosses',
  packages: ['run', 'test'],
  run: () => killDemo({ share: 1, bidders: 3, fileMb: 0.5, deadlineS: 1_200 }),
};

/** `node scripts/qej/full/kill.ts [--share 0.15]` */
if (import.meta.main) {
  const at = process.argv.indexOf('--share');
  const share = at < 0 ? 1 : Number(process.argv[at + 1]);
  const counts = await killDemo({ share, bidders: 3, fileMb: 0.5, deadlineS: Math.ceil(240 + 960 * share) });
  process.stdout.write(`${closingLine(counts)}\n`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}
