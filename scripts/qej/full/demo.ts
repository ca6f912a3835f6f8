import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { programPath } from '../hand-to-program.ts';
import { startPrivateMariadb } from '../private-mariadb.ts';
import { runCommand } from '../run-command.ts';
import { say } from '../surroundings.ts';
import type { Counts } from '../test-counts.ts';
import type { TestStep } from '../test-steps.ts';
import { runFlips } from './flips.ts';

export interface DemoRun {
  readonly bidders: number;
  readonly fileMb: number;
  /** Flipped bits an archive. */
  readonly flips: number;
  readonly deadlineS: number;
}

/** What an outsider has: the public roots and the witness's key, never anything out of the archive. */
function policyOf(data: string): string[] {
  const { vkey } = JSON.parse(readFileSync(join(data, 'witness/witness-state.json'), 'utf8')) as { vkey: string };
  return ['--roots', join(data, 'public-trust/roots.pem'), '--witness', vkey];
}

/** One tender through the public API, both archives verified offline, then with one flipped bit at each of so many places. */
export async function demoRun(run: DemoRun, databaseUrl?: string): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'qej-demo-'));
  const [data, out] = [join(folder, 'data'), join(folder, 'out')];
  try {
    const args = [
      '--bidders',
      String(run.bidders),
      '--file-mb',
      String(run.fileMb),
      '--deadline-s',
      String(run.deadlineS),
      '--json',
      '--out',
      out,
      '--data',
      data,
    ];
    const env = databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl };
    const played = await runCommand(process.execPath, [programPath('demo'), ...args], { env });
    if (played.code !== 0) return { passed: 0, failed: 1 };
    const policy = policyOf(data);
    let counts: Counts = { passed: 1, failed: 0 };
    for (const profile of ['full', 'public']) {
      const { code } = await runCommand(process.execPath, [
        programPath('verify'),
        join(out, `archive-${profile}.qej`),
        ...policy,
      ]);
      counts = code === 0 ? { ...counts, passed: counts.passed + 1 } : { ...counts, failed: counts.failed + 1 };
    }
    const flipped = run.flips === 0 ? { passed: 0, failed: 0 } : runFlips(out, policy, run.flips);
    say(
      `demo ${databaseUrl === undefined ? 'SQLite' : 'MariaDB'}: ${run.bidders} bidders × ${run.fileMb} MB, ${run.flips} flips an archive`,
    );
    return { passed: counts.passed + flipped.passed, failed: counts.failed + flipped.failed };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const HEAVY: DemoRun = { bidders: 20, fileMb: 5, flips: 100, deadlineS: 240 };

async function onMariadb(run: DemoRun): Promise<Counts> {
  const database = await startPrivateMariadb();
  try {
    return await demoRun(run, database.url);
  } finally {
    await database.close();
  }
}

export const demoSqlitePart: TestStep = {
  name: 'demo-sqlite',
  title: '20 bidders × 5 MB on SQLite, archives verified offline, 200 flipped bits refused',
  packages: ['run', 'test'],
  run: () => demoRun(HEAVY),
};
export const demoMariadbPart: TestStep = {
  name: 'demo-mariadb',
  title: '20 bidders × 5 MB on MariaDB, archives verified offline, 200 flipped bits refused',
  packages: ['run', 'test'],
  run: () => onMariadb(HEAVY),
};
