import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';
import { formatDuration, repositoryRoot, say } from './surroundings.ts';

const stampFile = join(repositoryRoot, 'web/dist/.qej-sources');

/** What the pages are made from: their own sources, and the isomorphic packages that they import. */
const sourceGlobs = [
  'web/{src,public}/**/*',
  'web/*.{html,ts,json}',
  'packages/{kernel,contract,client,identity,tendering,sealed-bid,evidence,pki,evaluation,deposits,guarantees,rooms}/src/**/*.ts',
  'pnpm-lock.yaml',
];

/** Hash over the names and bytes of all sources of the pages. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  const files = globSync(sourceGlobs, { cwd: repositoryRoot, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(file.slice(repositoryRoot.length)).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

/** Builds the pages when web/dist is missing or older than its sources. */
export async function ensureWebBuild(): Promise<void> {
  if (!existsSync(join(repositoryRoot, 'web/index.html'))) return;
  const wanted = sourcesHash();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  say('building the pages 生成网页…');
  const ran = await runCommand('pnpm', ['--filter', '@qej/web', 'run', 'build'], { quiet: true });
  if (ran.code !== 0) throw new Error(`the pages could not be built 网页生成失败:\n${ran.output}`);
  writeFileSync(stampFile, wanted);
  say(`pages built in ${formatDuration(ran.milliseconds)}`);
}
