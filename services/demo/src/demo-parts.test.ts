import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant } from '@qej/kernel';
import test from 'ava';
import { mapLimit } from './concurrency.ts';
import { parseOptions, stops, UsageError } from './options.ts';
import { openOutput } from './output.ts';
import { ceilingOf, makeDraft } from './play/draft.ts';
import { neededSeconds } from './play/notice.ts';
import { seededNumbers } from './random.ts';
import { makeStory } from './story.ts';

test('the words of the command line are read or refused with the word named', (t) => {
  t.like(parseOptions([], 's'), { bidders: 3, experts: 5, fileMb: 2, lang: 'zh', until: 'contract', seed: 's' });
  t.like(parseOptions(['--bidders', '20', '--file-mb', '0.5', '--until', 'opening', '--seed', 'x'], 's'), {
    bidders: 20,
    fileMb: 0.5,
    until: 'opening',
    seed: 'x',
  });
  for (const [words, named] of [
    [['--bidders', '25'], /--bidders/],
    [['--experts', '4'], /--experts/],
    [['--until', 'lunch'], new RegExp(stops.join(', '))],
    [['--lang', 'fr'], /--lang/],
    [['--origin', 'http://localhost:1'], /--data/],
    [['--unknown'], /unknown/],
  ] as const)
    t.throws(() => parseOptions(words, 's'), { instanceOf: UsageError, message: named });
});

test('work over a list keeps its order and its limit, and the first failure ends it', async (t) => {
  let running = 0;
  let most = 0;
  const work = async (n: number): Promise<number> => {
    most = Math.max(most, (running += 1));
    await new Promise((resolve) => setTimeout(resolve, 5 - n));
    running -= 1;
    return n * 10;
  };
  t.deepEqual(await mapLimit([1, 2, 3, 4], 2, work), [10, 20, 30, 40]);
  t.is(most, 2);
  const failing = mapLimit([1, 2, 3], 2, async (n) => (n === 2 ? Promise.reject(new Error('two')) : n));
  await t.throwsAsync(failing, { message: 'two' });
});

test('no file name that a server gives leaves the output folder', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'qej-out-'));
  const output = openOutput(folder);
  await output.write('documents/../../escape.pdf', new Uint8Array([1]));
  await output.write('/etc/passwd', new Uint8Array([2]));
  await output.below('..').write('a:b?.pdf', new Uint8Array([3]));
  const names = (await readdir(folder, { recursive: true })).toSorted();
  t.deepEqual(names.filter((name) => /\.pdf$|passwd/.test(name)).length, 3);
  t.deepEqual(await readdir(join(folder, '..')).then((all) => all.filter((name) => name === 'escape.pdf')), []);
  await rm(folder, { recursive: true });
  await openOutput(null).write('nothing', new Uint8Array([4]));
  await t.throwsAsync(readFile('nothing'), { code: 'ENOENT' });
});

test('the same seed drafts the same tender; the deadline is wall time of Shanghai', (t) => {
  const facts = {
    code: 'DEMO-1',
    tendereeOrganizationId: 'a'.repeat(32),
    holders: ['b'.repeat(32), 'c'.repeat(32)],
    deadline: instant(Date.UTC(2026, 10, 23, 20, 0, 1)),
    committeeSize: 5,
  };
  const draft = makeDraft(seededNumbers('seed'), facts);
  t.deepEqual(makeDraft(seededNumbers('seed'), facts), draft);
  t.is(draft.deadline.wallTime, '2026-11-24T04:00:01');
  t.is(draft.rulesVersion, 'demo');
  t.true(Number(draft.lot.estimate) < Number(draft.lot.ceilingPrice));
  const ceilings = new Set(['a', 'b', 'c', 'd', 'e'].map((seed) => ceilingOf(seededNumbers(seed))));
  t.true(ceilings.size > 1);
});

test('the deadline leaves room for the law of the demo and for more or larger bids', (t) => {
  const base = {
    bidders: 3,
    experts: 5,
    fileMb: 1,
    seed: 's',
    until: 'contract',
    terminate: false,
    retender: false,
  } as const;
  const seconds = neededSeconds({ ...base, deadlineS: undefined });
  t.true(seconds >= 25);
  t.true(neededSeconds({ ...base, bidders: 20, fileMb: 5, deadlineS: undefined }) > seconds);
  t.is(neededSeconds({ ...base, deadlineS: 7 }), 7);
});

test('a story tells each step with its time in the language asked for', async (t) => {
  const lines: string[] = [];
  const story = makeStory({ now: () => instant(0) }, 'en', (line) => lines.push(line));
  t.is(await story.step('one', { zh: '一', en: 'One' }, { zh: '意', en: 'why' }, async () => 7), 7);
  story.note({ zh: '注', en: 'noted' });
  t.regex(lines[0] ?? '', /^00:00:00\.0 {2}One .* s {2}why$/);
  t.regex(lines[1] ?? '', /noted$/);
  t.like(story.steps[0], { id: 'one', at: '1970-01-01T00:00:00.000Z' });
});
