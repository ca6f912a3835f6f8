import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { repositoryRoot, say } from '../surroundings.ts';
import type { Counts } from '../test-counts.ts';
import type { TestStep } from '../test-steps.ts';
import { parseDockerfile } from './dockerfile.ts';
import { buildStages, startAndAsk, type Report } from './image-build.ts';

/** Carries out one Dockerfile and starts what it made. QEJ_DOCKERFILES=platform,witness narrows the run. */
function tryDockerfile(path: string, report: Report): void {
  const { image, remove } = buildStages(parseDockerfile(readFileSync(join(repositoryRoot, path), 'utf8')), report);
  try {
    if (image !== undefined)
      report('starts without a network: healthy, or naming the configuration that is missing', startAndAsk(image));
  } finally {
    remove();
  }
}

async function run(): Promise<Counts> {
  if (process.getuid?.() !== 0) throw new Error('chroot and debootstrap need root');
  const counts = { passed: 0, failed: 0 };
  const only = process.env['QEJ_DOCKERFILES']?.split(',');
  const paths = globSync('docker/*.Dockerfile', { cwd: repositoryRoot }).sort();
  for (const path of paths.filter((path) => only?.includes(path.slice(7, -11)) ?? true)) {
    say(path);
    tryDockerfile(path, (line, { code, output }) => {
      counts[code === 0 ? 'passed' : 'failed']++;
      process.stdout.write(
        `${code === 0 ? '✔' : '✘'} ${path}: ${line}\n${code === 0 ? '' : `${output.slice(-3000)}\n`}`,
      );
    });
  }
  return counts;
}

/** Images cannot be built where this is developed: the steps run in a chroot of the same Debian instead. */
export const dockerPart: TestStep = {
  name: 'docker',
  title: 'each Dockerfile’s steps in a debootstrap chroot, and the start of what they make',
  packages: ['full'],
  run,
};
