import { parseArgs } from 'node:util';
import { resolve } from 'node:path';

/** Where a play may stop: a tender left in that stage. */
export const stops = [
  'notice',
  'bids',
  'opening',
  'committee',
  'scoring',
  'evaluation',
  'candidates',
  'award',
  'contract',
] as const;
export type Stop = (typeof stops)[number];

export interface DemoOptions {
  readonly bidders: number;
  readonly experts: number;
  readonly fileMb: number;
  readonly out: string;
  readonly lang: 'zh' | 'en';
  readonly json: boolean;
  /** Running platform; undefined starts one of its own. */
  readonly origin: string | undefined;
  /** Data directory of the platform: demo log-ins and identities. */
  readonly data: string | undefined;
  readonly seed: string;
  readonly deadlineS: number | undefined;
  readonly until: Stop;
  readonly terminate: boolean;
  readonly retender: boolean;
  /** Place of the first bidder among the demo bidders; undefined = by seed. */
  readonly firstBidder: number | undefined;
}

export const usage = `./qej demo [选项 options]
  --bidders N      投标人数，默认 3（2 = 少于三家，流标）· bidders, default 3 (2 = the tender fails)
  --experts N      评委人数，默认 5 · experts, default 5
  --file-mb M      每家投标文件大小，默认 2 · size of each bid in MB, default 2
  --out DIR        输出目录，默认 ./qej-demo · output folder
  --lang zh|en     叙述语言 · language of the story
  --json           最后一行为数字 · figures as a last line of JSON
  --origin URL     已运行的平台（需 --data）· a running platform (needs --data)
  --data DIR       平台数据目录（演示身份）· its data folder, for the demo identities
  --seed S         同一种子，同样的内容 · same seed, same content
  --deadline-s N   投标截止距发布的秒数 · seconds from drafting to the deadline
  --first-bidder N 从第几家演示投标人起（0 起）· place of the first bidder, from 0
  --until STEP     停在某阶段 · stop at: ${stops.join(', ')}
  --terminate      发布后终止招标 · terminate after publication
  --retender       失败后重新招标，再走一遍 · re-tender after a failure and play on`;

/** What is wrong on the command line. */
export class UsageError extends Error {}

const OPTIONS = {
  bidders: { type: 'string', default: '3' },
  experts: { type: 'string', default: '5' },
  'file-mb': { type: 'string', default: '2' },
  out: { type: 'string', default: 'qej-demo' },
  lang: { type: 'string', default: 'zh' },
  json: { type: 'boolean', default: false },
  origin: { type: 'string' },
  data: { type: 'string' },
  seed: { type: 'string' },
  'deadline-s': { type: 'string' },
  'first-bidder': { type: 'string' },
  until: { type: 'string', default: 'contract' },
  terminate: { type: 'boolean', default: false },
  retender: { type: 'boolean', default: false },
} as const;

function number(key: string, text: string, [from, to]: readonly [number, number]): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < from || value > to) throw new UsageError(`--${key}: ${from} … ${to}`);
  return value;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : 'not understood');
  }
}

/** @throws UsageError */
export function parseOptions(args: readonly string[], seed: string): DemoOptions {
  const values = parse(args);
  const until = stops.find((stop) => stop === values.until);
  if (until === undefined) throw new UsageError(`--until: ${stops.join(', ')}`);
  if (values.lang !== 'zh' && values.lang !== 'en') throw new UsageError('--lang: zh, en');
  if (values.origin !== undefined && values.data === undefined) throw new UsageError('--origin needs --data');
  const deadline = values['deadline-s'];
  const first = values['first-bidder'];
  return {
    bidders: number('bidders', values.bidders, [1, 24]),
    experts: number('experts', values.experts, [5, 15]),
    fileMb: number('file-mb', values['file-mb'], [0.1, 200]),
    out: resolve(values.out),
    lang: values.lang,
    json: values.json,
    origin: values.origin === undefined ? undefined : new URL(values.origin).origin,
    data: values.data === undefined ? undefined : resolve(values.data),
    seed: values.seed ?? seed,
    deadlineS: deadline === undefined ? undefined : number('deadline-s', deadline, [5, 86_400]),
    until,
    terminate: values.terminate,
    retender: values.retender,
    firstBidder: first === undefined ? undefined : number('first-bidder', first, [0, 23]),
  };
}
