import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseOptions } from './options.ts';
import type { Options } from './options.ts';
import type { Step } from './step.ts';
import { steps } from './steps/index.ts';
import { World } from './world.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

function chosen({ until }: Options): readonly Step[] {
  if (until === undefined) return steps;
  const last = steps.findIndex(({ name }) => name === until);
  if (last === -1) throw new Error(`no step ${until}; there are: ${steps.map(({ name }) => name).join(', ')}`);
  return steps.slice(0, last + 1);
}

/** Picture, HTML and last console lines of everybody's page. */
async function keepFailure(world: World, folder: string, step: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [key, person] of world.people) {
    const pages = person.context.pages();
    for (const [index, page] of pages.entries()) {
      const file = join(folder, `${step}-${key}-${index}`);
      await page.screenshot({ path: `${file}.png`, timeout: 5_000 }).catch(() => undefined);
      const html = await page.content().catch(() => '');
      await writeFile(`${file}.html`, `<!-- ${page.url()} -->\n${html}`);
    }
    await writeFile(join(folder, `${step}-${key}.log`), person.console.join('\n'));
  }
}

/** @returns what failed */
async function play(world: World, wanted: readonly Step[]): Promise<string[]> {
  for (const { name, run } of wanted) {
    const began = performance.now();
    try {
      await run(world);
      world.passed += 1;
      say(`✔ ${name.padEnd(24)} ${seconds(began).padStart(8)}`);
    } catch (error) {
      await keepFailure(world, world.options.failures, name);
      say(`✘ ${name.padEnd(24)} ${seconds(began).padStart(8)}`);
      return [`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
    }
  }
  return [];
}

/** One line for each page: violations in each language. */
function tellPages({ audit, options }: World): string[] {
  const names = Array.from(new Set(audit.rows.map(({ page }) => page)));
  say(`\naxe-core: ${names.length} pages`);
  for (const name of names) {
    const counts = audit.rows
      .filter(({ page }) => page === name)
      .map((row) => `${row.language} ${row.violations.length}`);
    say(`  ${name.padEnd(32)} ${counts.join('  ')}`);
  }
  if (options.screens !== undefined) say(`screenshots: ${options.screens}`);
  return audit.rows.flatMap(({ page, language, violations }) =>
    violations.map((violation) => `axe ${page} (${language}): ${violation}`),
  );
}

async function main(): Promise<number> {
  const began = performance.now();
  const options = parseOptions(process.argv.slice(2));
  const wanted = chosen(options);
  const world = await World.open(options);
  say(`✔ ${'platform and browser'.padEnd(24)} ${seconds(began).padStart(8)}`);
  const failures: string[] = [];
  const leave = (): void => void world.close().finally(() => process.exit(130));
  process.once('SIGINT', leave).once('SIGTERM', leave);
  try {
    failures.push(...(await play(world, wanted)));
    for (const line of world.figures) say(line);
    failures.push(...tellPages(world));
    failures.push(...world.problems, ...world.errors.map((line) => `console: ${line}`));
    world.passed += world.audit.rows.filter(({ violations }) => violations.length === 0).length;
  } finally {
    await world.close();
  }
  for (const line of failures) say(`\n✘ ${line}`);
  say(`\n${seconds(began)}\n${world.passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n0 passed, 1 failed`);
    process.exit(1);
  },
);
