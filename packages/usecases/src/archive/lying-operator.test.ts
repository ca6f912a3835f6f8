import { getPurpose, signCms } from '@qej/pki';
import { archiveSteps } from '@qej/verifier';
import test from 'ava';
import { makeArchiveWorld } from './testing/archive-world.ts';
import type { ArchiveWorld } from './testing/archive-world.ts';
import type { People } from './testing/publish-tender.ts';
import { liesAboutBids } from './testing/lies-about-bids.ts';
import { liesAboutResult } from './testing/lies-about-result.ts';
import { codesOf, getArchive, reseal, verify } from './testing/reseal.ts';
import { runTender } from './testing/run-tender.ts';

let world: ArchiveWorld;
let people: People;
let full: Uint8Array;

test.before(async () => {
  world = await makeArchiveWorld();
  const run = await runTender(world);
  ({ people } = run);
  full = await getArchive(world, run.lot.tenderId, 'full');
});
test.after.always(() => world.close());

for (const { name, change, found } of [...liesAboutBids, ...liesAboutResult]) {
  test(`an operator with its own seal cannot pass off: ${name}`, async (t) => {
    const file = await reseal(world, full, change);
    const verdict = await verify(world, file);
    t.false(verdict.ok);
    t.deepEqual(
      codesOf(verdict, 'seal').filter((code) => code !== 'E_CRL_MISSING'),
      [],
      'the seal itself is genuine',
    );
    for (const [step, code] of found)
      t.true(codesOf(verdict, step).includes(code), `${step}: ${codesOf(verdict, step).join(', ')}`);
    t.is(verdict.steps.length, Object.keys(archiveSteps).length, 'no step was left out');
  });
}

test('an archive that somebody else signed is refused', async (t) => {
  const stranger = people.bidders[0];
  if (stranger === undefined) throw new Error('no bidder');
  const sign = async (purpose: string, content: Uint8Array) =>
    new Uint8Array(
      await signCms({
        content,
        detached: true,
        eContentType: getPurpose(purpose).eContentType,
        signer: stranger.signer,
      }),
    );
  const file = await reseal(
    { ...world, ports: { ...world.ports, trust: { ...world.ports.trust, sign } } },
    full,
    () => undefined,
  );
  const verdict = await verify(world, file);
  t.deepEqual(codesOf(verdict, 'seal'), ['E_ARCHIVE_SEAL']);
});

test('another witness, log key, time-stamp policy or time of verification refuses the same file', async (t) => {
  const other = await makeArchiveWorld();
  const { witness, logKey } = other;
  await other.close();
  const unknown = await verify(world, full, { witnesses: [{ vkey: witness.vkey, independent: true }] });
  t.true(codesOf(unknown, 'log').includes('E_COSIGNATURE_QUORUM'));
  t.true(codesOf(await verify(world, full, { logKey }), 'log').includes('E_ARCHIVE_LOG_KEY'));
  t.deepEqual(codesOf(await verify(world, full, { tsaPolicies: ['1.2.3'] }), 'seal'), ['E_TSP_POLICY']);
  const issuer = world.ca.issuers.banks.der;
  t.true(codesOf(await verify(world, full, { roots: [issuer] }), 'seal').includes('E_CERT_UNKNOWN_ISSUER'));
});
