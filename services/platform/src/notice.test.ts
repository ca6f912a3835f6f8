import {
  awaitAcceptances,
  draftTender,
  freezeNotice,
  issueTenderDocument,
  publishTender,
  signDetached,
} from '@qej/client';
import type { SessionClient, TenderDraft } from '@qej/client';
import { ApiError } from '@qej/contract';
import { canonicalBytes, formatInstant, instant, systemClock, toBase64 } from '@qej/kernel';
import { wallOf } from '@qej/tendering';
import { mandateBytes } from '@qej/usecases';
import test from 'ava';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestPlatform } from './testing/running-platform.ts';
import type { TestPlatform } from './testing/running-platform.ts';

let world: TestPlatform;
let agency: SessionClient;
let tenderee: SessionClient;
let outsider: SessionClient;
const shared: { tenderId: string } = { tenderId: '' };

test.before(async () => {
  world = await startTestPlatform();
  [agency, tenderee, outsider] = [
    await world.session('agency'),
    await world.session('tenderee'),
    await world.session('agency-2', undefined, 'agency'),
  ];
});
test.after.always(() => world.close());

async function draft(code: string, change: Partial<TenderDraft> = {}): Promise<TenderDraft> {
  const { tenderees, holders } = await agency.api.listParties({});
  const deadline = instant(Math.ceil((systemClock.now() + 120_000) / 1000) * 1000);
  const wall = wallOf(deadline, 'Asia/Shanghai');
  return {
    code,
    title: { zh: '崂山区海口路道路整治工程', en: 'Haikou Road improvement' },
    rulesVersion: 'demo',
    regime: 'mandatory-tender',
    openingMode: 'joint',
    tendereeOrganizationId: tenderees.find(({ name }) => name.includes('崂山城市'))?.organizationId ?? '',
    lot: { name: { zh: '一标段', en: 'Lot 1' }, estimate: '10000000.00', ceilingPrice: '9800000.00' },
    deadline: { wallTime: wall.length === 16 ? `${wall}:00` : wall, zone: 'Asia/Shanghai' },
    bidValidityDays: 90,
    decryptionWindowMs: 60_000,
    publicityMs: 3_000,
    holders: ['agency', 'venue-witness', 'escrow'].map(
      (role) => holders.find((holder) => holder.role === role)?.holderId ?? '',
    ),
    passFail: [{ itemId: 'licence', title: { zh: '营业执照有效', en: 'Valid licence' }, clause: '第二章 2.1' }],
    criteria: [
      {
        criterionId: 'plan',
        title: { zh: '施工组织设计', en: 'Method statement' },
        max: '60',
        step: '0.5',
        kind: 'subjective',
      },
    ],
    scoringRule: { preset: 'comprehensive-p2' },
    deposit: { rateBasisPoints: 200, creditPolicy: 'demo-policy-1' },
    committee: { size: 5, specialties: [] },
    description: '道路整治，含排水与绿化。',
    ...change,
  };
}

const refused = (code: string) => ({ instanceOf: ApiError, code });

test.serial('an agency without a mandate may not draft for a tenderee', async (t) => {
  await t.throwsAsync(agency.api.createTender({ body: await draft('QD-NOTICE-00') }), refused('E_MANDATE'));
});

test.serial('a mandate must be signed over its own words by the tenderee', async (t) => {
  const agencyOrganizationId = (await agency.api.getSession({})).actingAs?.organizationId ?? '';
  const tendereeOrganizationId = (await tenderee.api.getSession({})).actingAs?.organizationId ?? '';
  const [from, to] = [
    formatInstant(instant(systemClock.now() - 1000)),
    formatInstant(instant(systemClock.now() + 3_600_000)),
  ];
  const grant = async (bytes: Uint8Array<ArrayBuffer>) =>
    tenderee.api.grantMandate({
      body: {
        agencyOrganizationId,
        scope: {},
        from,
        to,
        cms: toBase64(await signDetached(tenderee.identity.signer, 'qej-mandate/1', bytes)),
      },
    });
  await t.throwsAsync(grant(canonicalBytes({ v: 1, other: true })), { instanceOf: ApiError });
  const { mandateId } = await grant(
    mandateBytes({ agencyOrganizationId, tendereeOrganizationId, tenderId: null, from, to }),
  );
  t.regex(mandateId, /^[0-9a-f]{32}$/);
});

test.serial('what the law does not allow is named with its article while one types', async (t) => {
  const { findings } = await agency.api.checkDraft({
    body: await draft('QD-NOTICE-01', { rulesVersion: 'cn-2026', committee: { size: 6, specialties: [] } }),
  });
  const codes = findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  t.true(codes.includes('N_ISSUE_TO_DEADLINE') && codes.includes('N_COMMITTEE_SIZE'), codes.join());
  t.true(findings.every(({ code, article }) => code !== 'N_ISSUE_TO_DEADLINE' || article.includes('24')));
});

test.serial('a draft is drafted once, and only its own agency sees it', async (t) => {
  shared.tenderId = await draftTender(agency, await draft('QD-NOTICE-02'));
  t.is(await draftTender(agency, await draft('QD-NOTICE-02')), shared.tenderId);
  const params = { tenderId: shared.tenderId };
  t.is((await agency.api.getTender({ params })).state, 'draft');
  await t.throwsAsync(outsider.api.getTender({ params }), refused('E_NOT_FOUND'));
  await t.throwsAsync(outsider.api.updateTender({ params, body: await draft('QD-NOTICE-03') }), refused('E_NOT_FOUND'));
  t.false((await agency.api.listTenders({ query: {} })).items.some(({ tenderId }) => tenderId === shared.tenderId));
});

test.serial(
  'the notice is not frozen before the tender document is signed, nor published before every holder has accepted',
  async (t) => {
    const params = { tenderId: shared.tenderId };
    await t.throwsAsync(agency.api.freezeNotice({ params }), refused('E_DOCUMENT_UNSIGNED'));
    await agency.api.makeTenderDocument({ params });
    await t.throwsAsync(agency.api.freezeNotice({ params }), refused('E_DOCUMENT_UNSIGNED'));
    await t.throwsAsync(agency.api.publishTender({ params, body: { cms: 'MAA=' } }), refused('E_STATE'));
    await issueTenderDocument(agency, shared.tenderId);
    const frozen = await freezeNotice(agency, shared.tenderId);
    t.is(frozen.state, 'awaiting-holders');
    await t.throwsAsync(agency.api.updateTender({ params, body: await draft('QD-NOTICE-02') }), refused('E_STATE'));
    await t.throwsAsync(agency.api.publishTender({ params, body: { cms: 'MAA=' } }), { instanceOf: ApiError });
  },
);

test.serial('with all acceptances in the log and a witness’s cosignature the notice is public', async (t) => {
  await awaitAcceptances(agency, shared.tenderId);
  const published = await publishTender(agency, shared.tenderId);
  t.is(published.state, 'published');
  const listed = (await (await fetch(`${world.platform.facts.origin}/api/tenders`)).json()) as {
    items: { tenderId: string }[];
  };
  t.true(listed.items.some(({ tenderId }) => tenderId === shared.tenderId));
  const entries = await agency.api.listLogEntries({ query: { tenderId: shared.tenderId } });
  const types = entries.items.map(({ type }) => type);
  t.is(types.filter((type) => type === 'acceptance').length, 9, 'three holders, three stages');
  t.is(types.filter((type) => type === 'notice').length, 1);
  t.true(types.lastIndexOf('acceptance') < types.indexOf('notice'), 'acceptances stand before the publication');
});

test.serial('publishing twice is publishing once', async (t) => {
  const again = await publishTender(agency, shared.tenderId);
  t.is(again.state, 'published');
  const { items } = await agency.api.listLogEntries({ query: { tenderId: shared.tenderId } });
  t.is(items.filter(({ type }) => type === 'notice').length, 1);
});

test.serial('anybody downloads the signed tender document, and pdfsig calls the signature valid', async (t) => {
  const view = await agency.api.getTender({ params: { tenderId: shared.tenderId } });
  const document = view.documents.find(({ kind }) => kind === 'tender-document');
  const response = await fetch(`${world.platform.facts.origin}/api/documents/${document?.documentId ?? ''}`);
  t.is(response.status, 200);
  const file = join(world.directory, 'tender.pdf');
  writeFileSync(file, new Uint8Array(await response.arrayBuffer()));
  const verdict = execFileSync('pdfsig', ['-nocert', file], { encoding: 'utf8' });
  t.regex(verdict, /Signature is Valid/);
});

test.serial('before the deadline the hall shows neither presence nor number', async (t) => {
  const hall = await agency.api.getHall({ params: { tenderId: shared.tenderId } });
  t.deepEqual(hall.bids, []);
  t.is(hall.count, undefined);
});

test.serial('a termination has reasons, a signed notice and a log entry; a re-tender links to the first', async (t) => {
  const params = { tenderId: shared.tenderId };
  await t.throwsAsync(agency.api.terminateTender({ params, body: { reason: '短' } }), refused('E_VALIDATION'));
  const ended = await agency.api.terminateTender({ params, body: { reason: '规划调整，项目取消，不再招标。' } });
  t.is(ended.state, 'terminated');
  t.is(ended.terminationReason, '规划调整，项目取消，不再招标。');
  t.true(ended.documents.some(({ kind }) => kind === 'termination-notice'));
  const { tenderId } = await agency.api.retender({ params, body: await draft('QD-NOTICE-04') });
  t.is((await agency.api.getTender({ params: { tenderId } })).retenderOf, shared.tenderId);
  await t.throwsAsync(
    agency.api.terminateTender({ params: { tenderId }, body: { reason: '草稿不能终止，只能删除。' } }),
    refused('E_STATE'),
  );
});
