import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Ratio } from './harness.ts';
import { announced, jobs } from './jobs.ts';
import { machine } from './machine.ts';

const MIN_ROUNDS = 5;
const NOT_BUILT_EXIT = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: String(MIN_ROUNDS) },
    quick: { type: 'boolean' },
    list: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);
/** With --json, what a person reads goes to standard error. */
const tell = (line: string): void => void (values.json === true ? process.stderr : process.stdout).write(`${line}\n`);

function show(ratio: Ratio): void {
  if (values.json === true) return print(JSON.stringify(ratio));
  const sides = ratio.ours === undefined ? '' : `  (${ratio.ours}/s against ${ratio.against}/s)`;
  const goal = ratio.goal === undefined ? '' : `  goal ${ratio.goal}`;
  print(
    `  ${String(ratio.median).padStart(7)} ×  min ${ratio.min}  IQR ${ratio.iqr.join('–')}  ${ratio.name}${sides}${goal}`,
  );
}

/** Runs a job; false when what it measured was wrong. */
async function runJob(name: string, rounds: number): Promise<boolean> {
  const job = jobs.find((one) => one.name === name);
  if (job === undefined) {
    tell(`${name}: not built yet 尚未完成`);
    return true;
  }
  tell(`${job.name}: ${job.title}`);
  try {
    for (const ratio of await job.run({ rounds, quick: values.quick === true })) show(ratio);
    return true;
  } catch (error) {
    tell(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return false;
  }
}

const known = [...jobs.map(({ name }) => name), ...announced];
const chosen = positionals.length === 0 ? known : positionals;
const unknown = chosen.filter((name) => !known.includes(name));
const rounds = Number(values.rounds);
if (values.list === true || values.help === true || unknown.length > 0 || !(rounds >= MIN_ROUNDS)) {
  if (unknown.length > 0) tell(`no such job 没有这个项目: ${unknown.join(', ')}`);
  tell('usage: ./qej bench [job…] [--json] [--rounds N, at least 5] [--quick]');
  for (const { name, title } of jobs) tell(`  ${name.padEnd(12)} ${title}`);
  for (const name of announced) tell(`  ${name.padEnd(12)} not built yet 尚未完成`);
  process.exitCode = unknown.length > 0 || !(rounds >= MIN_ROUNDS) ? NOT_BUILT_EXIT : 0;
} else {
  const head = machine();
  if (values.json === true) print(JSON.stringify({ machine: head, rounds, quick: values.quick === true }));
  else tell(`${JSON.stringify(head)}\n`);
  let isRight = true;
  for (const name of chosen) isRight = (await runJob(name, rounds)) && isRight;
  // Speed never decides the exit code: 1 = a result was wrong, 2 = something asked for by name is not built.
  if (!isRight) process.exitCode = 1;
  else if (positionals.some((name) => announced.some((one) => one === name))) process.exitCode = NOT_BUILT_EXIT;
}
