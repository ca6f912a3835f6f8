import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from './child-process.ts';
import type { Child } from './child-process.ts';

export interface WitnessProcess {
  readonly child: Child;
  readonly url: string;
  readonly name: string;
  readonly vkey: string;
}

const text = (ready: Readonly<Record<string, unknown>>, member: string): string => {
  const value = ready[member];
  if (typeof value !== 'string') throw new Error(`a process did not say its ${member}`);
  return value;
};

/** The demo witness: a process of its own, run by the same operator and hence not independent. */
export async function startWitnessProcess(options: {
  readonly dataDirectory: string;
  readonly port: number;
  readonly origin: string;
  readonly logVkey: string;
  readonly say: (line: string) => void;
}): Promise<WitnessProcess> {
  const dir = join(options.dataDirectory, 'witness');
  await mkdir(dir, { recursive: true });
  const child = await startChild({
    name: '见证进程 witness',
    entry: 'services/witness/src/main.ts',
    args: ['--port', String(options.port), '--dir', dir, '--log', options.logVkey, '--until-stdin-closes'],
    onLine: options.say,
  });
  return { child, url: text(child.ready, 'url'), name: text(child.ready, 'name'), vkey: text(child.ready, 'vkey') };
}
