import { join } from 'node:path';
import process from 'node:process';
import { ensureDebianPackages, MissingPackagesError } from './debian-packages.ts';
import { handToProgram, isBuilt } from './hand-to-program.ts';
import { getMediaWorker, writeMediaWorkerState } from './media-worker.ts';
import { runMain } from './run-command.ts';
import { repositoryRoot, say } from './surroundings.ts';
import { ensureWebBuild } from './web-build.ts';

/**
 * The platform starts at once. A media worker that is not there yet is fetched or built beside it;
 * the platform reads QEJ_MEDIA_WORKER_STATE (see MediaWorkerState) and shows rooms as being prepared.
 */
const stateFile = join(repositoryRoot, '.cache/media-worker.json');

async function prepareMediaWorker(): Promise<void> {
  try {
    const path = await getMediaWorker();
    await writeMediaWorkerState(stateFile, { state: 'ready', path });
    say(`media worker ready 音视频组件就绪: ${path}`);
  } catch (error) {
    const why = error instanceof MissingPackagesError ? `${error.message}; ${error.installLine}` : String(error);
    await writeMediaWorkerState(stateFile, { state: 'failed', why });
    say(`rooms are off 音视频会议不可用: ${why}. Why: ./qej doctor`);
  }
}

await runMain(async () => {
  const asksOnly = process.argv.slice(2).some((word) => word === '--help' || word === '-h');
  if (isBuilt('platform') && !asksOnly) {
    ensureDebianPackages(['run']);
    await ensureWebBuild();
    await writeMediaWorkerState(stateFile, { state: 'preparing' });
    process.env['QEJ_MEDIA_WORKER_STATE'] = stateFile;
    void prepareMediaWorker();
  }
  handToProgram('platform');
});
