import { advance } from '@qej/kernel';
import type { Transitions } from '@qej/kernel';
import test from 'ava';
import {
  bidStates,
  bidSteps,
  bidTransitions,
  openingStates,
  openingSteps,
  openingTransitions,
} from './opening-state.ts';
import { tenderStates, tenderSteps, tenderTransitions } from './tender-state.ts';

interface Machine {
  readonly name: string;
  readonly table: Transitions<string, string>;
  readonly states: readonly string[];
  readonly steps: readonly string[];
  readonly start: string;
  readonly ends: readonly string[];
}

const machines: readonly Machine[] = [
  {
    name: 'tender',
    table: tenderTransitions,
    states: tenderStates,
    steps: tenderSteps,
    start: 'draft',
    ends: ['failed-few', 'contracted', 'terminated'],
  },
  {
    name: 'opening',
    table: openingTransitions,
    states: openingStates,
    steps: openingSteps,
    start: 'awaiting-closing',
    ends: ['failed-few', 'record-signed'],
  },
  {
    name: 'bid',
    table: bidTransitions,
    states: bidStates,
    steps: bidSteps,
    start: 'sealed',
    ends: ['superseded', 'half-missing', 'opened', 'refused'],
  },
];

/** Every state that some walk of the table reaches from `start`. */
function reachable(machine: Machine, start: string): Set<string> {
  const seen = new Set([start]);
  for (const state of seen)
    for (const next of Object.values(machine.table[state] ?? {})) if (next !== undefined) seen.add(next);
  return seen;
}

for (const machine of machines) {
  test(`${machine.name}: every state is reached, ends are exactly the named ones, and every walk can still end`, (t) => {
    t.deepEqual([...reachable(machine, machine.start)].toSorted(), [...machine.states].toSorted());
    const ends = machine.states.filter((state) => Object.keys(machine.table[state] ?? {}).length === 0);
    t.deepEqual(ends.toSorted(), [...machine.ends].toSorted());
    for (const state of machine.states)
      t.true(
        [...reachable(machine, state)].some((next) => machine.ends.includes(next)),
        state,
      );
  });

  test(`${machine.name}: every step is used, and a step the table does not name is refused`, (t) => {
    const used = new Set(machine.states.flatMap((state) => Object.keys(machine.table[state] ?? {})));
    t.deepEqual([...used].toSorted(), [...machine.steps].toSorted());
    for (const state of machine.states) {
      for (const step of machine.steps) {
        const next = machine.table[state]?.[step];
        if (next === undefined) t.throws(() => advance(machine.table, state, step), { code: 'E_STATE' });
        else t.is(advance(machine.table, state, step), next);
      }
    }
  });
}

test('a tender is never led back to a state before its publication', (t) => {
  const [tender] = machines;
  const after = reachable(tender as Machine, 'published');
  for (const early of ['draft', 'awaiting-holders']) t.false(after.has(early));
});
