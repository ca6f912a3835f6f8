import { systemClock } from '@qej/kernel';
import { openOutput } from './output.ts';
import { parseOptions, usage, UsageError } from './options.ts';
import type { DemoOptions } from './options.ts';
import { findIntakeOrigin } from '@qej/client/node';
import { playTender } from './play/play-tender.ts';
import type { PlayResult } from './play/play-tender.ts';
import { seededNumbers } from './random.ts';
import { startOwnPlatform } from './run-platform.ts';
import { makeStory } from './story.ts';
import type { Story } from './story.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function figuresOf(options: DemoOptions, result: PlayResult, { steps }: Story, totalMs: number): object {
  const { bidders, experts, fileMb: mb, seed } = options;
  const seconds = steps.map(({ id, ms }) => ({ step: id, seconds: ms / 1000 }));
  return { bidders, experts, mb, seed, ...result, seconds, totalSeconds: Math.round(totalMs / 100) / 10 };
}

/** On a platform that others use too, plays take turns among the bidders, each of whom has eight upload tokens a week. */
function firstBidderOf({ firstBidder, origin, seed }: DemoOptions): number {
  if (firstBidder !== undefined) return firstBidder;
  // The grades of the demo bidders repeat after six.
  return origin === undefined ? 0 : 6 * seededNumbers(seed).below('first-bidder', 4);
}

const verifyLine = (out: string): string =>
  `./qej verify ${out}/archive-full.qej --roots ${out}/trust/roots.pem --witness "$(cat ${out}/trust/witness.vkey)" --log "$(cat ${out}/trust/log.vkey)"`;

async function play(options: DemoOptions): Promise<number> {
  const began = performance.now();
  const platform =
    options.origin === undefined
      ? await startOwnPlatform({ data: options.data, say })
      : {
          origin: options.origin,
          data: options.data ?? '',
          intakeOrigin: await findIntakeOrigin(options.origin),
          close: async () => undefined,
        };
  try {
    const story = makeStory(systemClock, options.lang, say);
    const { origin, intakeOrigin, data } = platform;
    const deps = {
      origin,
      intakeOrigin,
      data,
      story,
      output: openOutput(options.out),
      clock: systemClock,
      firstBidder: firstBidderOf(options),
    };
    const result = await playTender(deps, options);
    say(`\n${result.code}  ${result.state}  →  ${options.out}`);
    if (result.archive !== undefined) say(verifyLine(options.out));
    if (options.json) say(JSON.stringify(figuresOf(options, result, story, performance.now() - began)));
    return 0;
  } finally {
    await platform.close();
  }
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    say(usage);
    return 0;
  }
  const seed = `${systemClock.now().toString(36)}`;
  return play(parseOptions(args, seed));
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isUsage = error instanceof UsageError;
    process.stderr.write(
      `${isUsage ? `${error.message}\n\n${usage}` : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(isUsage ? 2 : 1);
  },
);
