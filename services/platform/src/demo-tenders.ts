import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { PlatformLog } from './log.ts';

/** Tenders that stand in each stage, played in this order by the same client as `./qej demo`, through the public API. */
const PLAYS: readonly { readonly name: string; readonly args: readonly string[] }[] = [
  { name: 'open-for-bids', args: ['--until', 'notice', '--deadline-s', '7200'] },
  { name: 'contracted', args: ['--until', 'contract'] },
  { name: 'evaluating', args: ['--until', 'evaluation'] },
  { name: 'candidates', args: ['--until', 'candidates'] },
  { name: 'opened', args: ['--until', 'opening'] },
  { name: 'failed-few', args: ['--bidders', '2'] },
  { name: 'terminated', args: ['--terminate'] },
];
const program = fileURLToPath(new URL('../../demo/src/main.ts', import.meta.url));
/** Behind whatever the person at the screen does. */
const NICE = 10;

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

export interface DemoTenders {
  /** Ends the play that is under way. */
  close(): Promise<void>;
}

/** Plays what has not been played yet, one after the other; a play that fails is logged and tried at the next start. */
export function playDemoTenders(deps: {
  readonly origin: string;
  readonly dataDirectory: string;
  readonly log: PlatformLog;
  readonly say: (line: string) => void;
}): DemoTenders {
  let running: ReturnType<typeof spawn> | undefined;
  let isClosed = false;
  const folder = join(deps.dataDirectory, 'demo-tenders');
  const play = async (name: string, args: readonly string[]): Promise<void> => {
    const common = [
      '--origin',
      deps.origin,
      '--data',
      deps.dataDirectory,
      '--out',
      join(folder, name),
      '--file-mb',
      '1',
    ];
    running = spawn(process.execPath, [program, ...common, ...args], { stdio: 'ignore' });
    if (running.pid !== undefined) setPriority(running.pid, NICE);
    const [code] = (await once(running, 'exit')) as [number | null];
    if (isClosed) return;
    if (code === 0) await writeFile(join(folder, `${name}.done`), '');
    else deps.log.warn('demo tender', { name, code });
    deps.say(`演示项目 demo tender: ${name}${code === 0 ? '' : ' ✗'}`);
  };
  const all = async (): Promise<void> => {
    await mkdir(folder, { recursive: true });
    for (const { name, args } of PLAYS) {
      if (isClosed) return;
      if (!(await isThere(join(folder, `${name}.done`)))) await play(name, args);
    }
  };
  const done = all().catch((error: unknown) => deps.log.warn('demo tenders', { error: String(error) }));
  return {
    close: async () => {
      isClosed = true;
      running?.kill('SIGTERM');
      await done;
    },
  };
}
