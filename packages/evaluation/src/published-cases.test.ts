import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { compare, parseDecimal } from './rational.ts';
import { parseScoringRule } from './rule-parser.ts';
import { runScoringRule } from './scoring-run.ts';
import type { InputValue, ScoringRun } from './scoring-run.ts';

interface Figure {
  published: string;
  step: string;
  bid?: string;
  contradictedBy?: string;
}
interface Run {
  rule: unknown;
  parameters: Record<string, string>;
  bids: { id: string; inputs: Record<string, InputValue> }[];
  figures: Figure[];
  order?: string[];
  left?: string[];
}
interface Case {
  id: string;
  runs: Run[];
}

const folder = new URL('../test/cases/', import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Case);

function valueOf(run: ScoringRun, { step, bid }: Figure): string | undefined {
  const steps = bid === undefined ? run.set : run.bids.find(({ id }) => id === bid)?.steps;
  return steps?.find(({ name }) => name === step)?.value;
}

function ranked(run: ScoringRun, better: 'higher' | 'lower'): string[] {
  const sign = better === 'higher' ? -1 : 1;
  return run.bids
    .flatMap(({ id, result }) => (result === undefined ? [] : [{ id, result }]))
    .toSorted((a, b) => sign * compare(a.result, b.result))
    .map(({ id }) => id);
}

for (const { id, runs } of cases) {
  test(`the published figures of ${id} follow from its rule as data`, (t) => {
    for (const given of runs) {
      const rule = parseScoringRule(given.rule);
      const run = runScoringRule(rule, { bids: given.bids, parameters: given.parameters });
      for (const figure of given.figures) {
        const expected = figure.contradictedBy ?? figure.published;
        const found = valueOf(run, figure) ?? 'nothing';
        t.is(
          compare(parseDecimal(found), parseDecimal(expected)),
          0,
          `${figure.step} of ${figure.bid ?? 'the set'}: ${found}, not ${expected}`,
        );
      }
      const order = given.order ?? [];
      t.deepEqual(ranked(run, rule.result.better).slice(0, order.length), order);
      t.deepEqual(
        run.bids.filter(({ leftAt }) => leftAt !== undefined).map((bid) => bid.id),
        given.left ?? [],
      );
    }
  });
}

test('all collected cases are there, with 138 published figures, two of which contradict the rule of their own source', (t) => {
  const figures = cases.flatMap(({ runs }) => runs.flatMap((run) => run.figures));
  t.is(cases.length, 24);
  t.is(figures.length, 138);
  const contradicted = figures.filter(({ contradictedBy }) => contradictedBy !== undefined);
  t.deepEqual(contradicted.map(({ published }) => published).toSorted(), ['68.00', '88']);
});
