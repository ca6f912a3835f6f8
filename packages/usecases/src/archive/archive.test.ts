import test from 'ava';
import { verifyArchive } from '@qej/verifier';
import { plusMs } from '@qej/kernel';
import { input } from '../evaluation/testing/test-tender.ts';
import { makeArchiveHandlers } from './archive-handlers.ts';
import { makeArchiveWorld } from './testing/archive-world.ts';
import type { ArchiveWorld } from './testing/archive-world.ts';
import { runTender } from './testing/run-tender.ts';
import type { PublishedLot } from './testing/publish-tender.ts';
import { localTsaPolicy } from '@qej/pki';

let world: ArchiveWorld;
let lot: PublishedLot;
let full: Uint8Array;

test.before(async () => {
  world = await makeArchiveWorld();
  ({ lot } = await runTender(world));
  const context = { ...world.as({ caller: undefined } as never), now: world.clock.at };
  full = await makeArchiveHandlers(world.ports).getFullArchive(
    input({ tenderId: lot.tenderId }) as never,
    context as never,
  );
});
test.after.always(() => world?.close());

test('x', async (t) => {
  const verdict = await verifyArchive(
    full,
    {
      roots: world.ca.roots.map(({ der }) => der),
      witnesses: [{ vkey: world.witness.vkey, independent: false }],
      quorum: 1,
      tsaPolicies: [localTsaPolicy],
      logKey: world.logKey,
    },
    plusMs(world.clock.at, 1000),
  );
  for (const s of verdict.steps) console.log(s.state, s.id, s.checked, s.detail);
  t.true(verdict.ok);
});
