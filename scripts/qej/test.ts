import process from 'node:process';
import { parseArgs } from 'node:util';
import { ensureDebianPackages } from './debian-packages.ts';
import { fullParts } from './full/parts.ts';
import { runMain } from './run-command.ts';
import { formatDuration, say } from './surroundings.ts';
import { closingLine, type Counts } from './test-counts.ts';
import { testSteps, type TestStep } from './test-steps.ts';

interface Outcome {
  readonly step: TestStep;
  readonly counts: Counts | undefined;
  readonly milliseconds: number;
  /** The first try failed. */
  readonly isSecond: boolean;
}

const usage = 'usage: ./qej test [--only STEP[,STEP…]] | --full [PART…] | --list';

/** The steps that the command line asks for; refuses a name that nothing has. */
function chosenSteps(): readonly TestStep[] {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      full: { type: 'boolean' },
      only: { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.list === true || values.help === true) {
    const lines = (steps: readonly TestStep[]): string =>
      steps.map((step) => `  ${step.name.padEnd(16)} ${step.title}`).join('\n');
    process.stdout.write(
      `${usage}\nsteps 步骤:\n${lines(testSteps)}\nparts of --full 重型部分:\n${lines(fullParts)}\n`,
    );
    return [];
  }
  const all = values.full === true ? fullParts : testSteps;
  const names = [...positionals, ...(values.only?.split(',') ?? [])];
  for (const name of names) {
    if (!all.some((step) => step.name === name)) throw new Error(`no such step 没有这个步骤: ${name}\n${usage}`);
  }
  return names.length === 0 ? all : all.filter((step) => names.includes(step.name));
}

async function tryStep(step: TestStep): Promise<Counts | undefined> {
  try {
    return await step.run();
  } catch (error) {
    say(`${step.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return { passed: 0, failed: 1 };
  }
}

/**
 * Steps with real processes, browsers and deadlines share two cores: one that fails is run once more, and both are said.
 * What fails twice has failed.
 */
async function runStep(step: TestStep): Promise<Outcome> {
  const began = performance.now();
  say(`── ${step.name}: ${step.title}`);
  const first = await tryStep(step);
  if (first === undefined || first.failed === 0) return outcomeOf(step, first, began);
  say(`── ${step.name}: ${closingLine(first)} at the first try, once more 第一次未通过，再试一次`);
  return { ...outcomeOf(step, await tryStep(step), began), isSecond: true };
}

const outcomeOf = (step: TestStep, counts: Counts | undefined, began: number): Outcome => ({
  step,
  counts,
  milliseconds: performance.now() - began,
  isSecond: false,
});

function summary({ step, counts, milliseconds, isSecond }: Outcome): string {
  const name = step.name.padEnd(16);
  if (counts === undefined) return `·  ${name} not built yet 尚未完成`;
  return `${counts.failed === 0 ? '✔' : '✘'}  ${name} ${closingLine(counts)}, ${formatDuration(milliseconds)}${isSecond ? ' (second try 第二次)' : ''}`;
}

await runMain(async () => {
  const steps = chosenSteps();
  if (steps.length === 0) return;
  ensureDebianPackages([...new Set(steps.flatMap((step) => step.packages))]);
  const outcomes: Outcome[] = [];
  for (const step of steps) outcomes.push(await runStep(step));
  const total = outcomes.reduce<Counts>(
    (sum, { counts }) => ({ passed: sum.passed + (counts?.passed ?? 0), failed: sum.failed + (counts?.failed ?? 0) }),
    { passed: 0, failed: 0 },
  );
  process.stdout.write(`\n${outcomes.map(summary).join('\n')}\n${closingLine(total)}\n`);
  process.exitCode = total.failed === 0 ? 0 : 1;
});
