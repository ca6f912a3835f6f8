import type { Job } from '../job.ts';
import { summarise } from '../harness.ts';
import { logBench, type LogMeasure } from './log.ts';

const LEAVES = 1_000_000;
const QUICK_LEAVES = 10_000;

/** One round of all measures at a time, so that the rounds of each are spread over the whole run. */
export const logJob: Job = {
  name: 'log',
  title: 'the evidence log in memory against raw SHA-256 and Ed25519',
  async run({ rounds, quick }) {
    const taken = new Map<string, LogMeasure[]>();
    for (let round = 0; round < rounds; round++) {
      for (const measure of await logBench({ leaves: quick ? QUICK_LEAVES : LEAVES, rounds: 1 })) {
        taken.set(measure.name, [...(taken.get(measure.name) ?? []), measure]);
      }
    }
    return [...taken].map(([name, measures]) =>
      summarise(
        { job: 'log', name },
        measures.map(({ ratio }) => ratio),
      ),
    );
  },
};
