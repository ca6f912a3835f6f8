import {
  attachFile,
  awaitAcceptances,
  draftTender,
  freezeNotice,
  grantMandate,
  issueTenderDocument,
  publishTender,
  readLotKeys,
} from '@qej/client';
import type { LotKeys } from '@qej/client';
import { makeDemoBidFile } from '@qej/documents';
import { instant, parseInstant, plusMs } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { nodeProvider as provider } from '@qej/sealed-bid/node';
import { makeDraft } from './draft.ts';
import type { Stage } from './stage.ts';

export interface PublishedTender {
  readonly tenderId: string;
  readonly code: string;
  readonly deadline: Instant;
  readonly lot: LotKeys;
}

/** Under the demo rules 20 "days" lie between issue and deadline; what comes before the issue and the sealing need more. */
const ISSUE_TO_DEADLINE_S = 20;
const BEFORE_ISSUE_S = 12;

/** Long enough that everybody has sealed, measured on a machine with two processors. */
export const neededSeconds = ({ bidders, fileMb, deadlineS }: Stage['options']): number =>
  deadlineS ?? Math.ceil(BEFORE_ISSUE_S + Math.max(ISSUE_TO_DEADLINE_S, 8 + bidders * (2.5 + fileMb * 0.4)));

/** The agency's own holder, the venue witness and the platform's escrow. */
async function chooseHolders(stage: Stage): Promise<readonly string[]> {
  const agency = await stage.people.person('agency');
  const { holders } = await agency.session.api.listParties({});
  const own = holders.find(({ role, name }) => role === 'agency' && name.zh.startsWith(agency.login.organization));
  const others = holders.filter(({ role }) => role !== 'agency');
  const chosen = [...(own === undefined ? [] : [own]), ...others];
  if (chosen.length < 2) throw new Error('the platform has no holders of opening keys');
  return chosen.map(({ holderId }) => holderId);
}

async function serverNow(stage: Stage): Promise<Instant> {
  return parseInstant((await stage.publicApi.getServerTime({})).now);
}

const codeOf = (seed: string): string =>
  `DEMO-${seed
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '-')
    .slice(0, 30)}`;

async function drafted(stage: Stage, retenderOf: string | undefined): Promise<{ tenderId: string; code: string }> {
  const { people, numbers, options } = stage;
  const agency = await people.person('agency');
  const tenderee = await people.person('tenderee');
  const inMs = neededSeconds(options) * 1_000;
  const code = `${codeOf(options.seed)}${retenderOf === undefined ? '' : '-2'}`;
  const deadline = instant(Math.ceil(plusMs(await serverNow(stage), inMs) / 1_000) * 1_000);
  const draft = makeDraft(numbers, {
    code,
    tendereeOrganizationId: tenderee.login.organizationId,
    holders: await chooseHolders(stage),
    deadline,
    committeeSize: options.experts,
    ...(retenderOf === undefined ? {} : { retenderOf }),
  });
  return { tenderId: await draftTender(agency.session, draft), code };
}

async function playMandate(stage: Stage): Promise<void> {
  const agency = await stage.people.person('agency');
  const { session, login } = await stage.people.person('tenderee');
  const parties = { agencyOrganizationId: agency.login.organizationId, tendereeOrganizationId: login.organizationId };
  await grantMandate(session, parties, await serverNow(stage));
}

/** Mandate, draft, tender document with an attachment, signature, frozen notice, holders' acceptances, publication. */
export async function playNotice(stage: Stage, retenderOf?: string): Promise<PublishedTender> {
  const { story, people } = stage;
  const agency = await people.person('agency');
  const drawing = await makeDemoBidFile({
    title: '图纸与工程量清单',
    megabytes: 0.3,
    seed: `${stage.options.seed}/drawing`,
  });
  await story.step(
    'mandate',
    { zh: '招标人签署委托书', en: 'The tenderee signs a mandate' },
    { zh: '代理机构只能凭有效委托代为招标', en: 'an agency acts only under a mandate in force' },
    () => playMandate(stage),
  );
  const { tenderId, code } = await story.step(
    'draft',
    { zh: '代理机构起草招标', en: 'The agency drafts the tender' },
    {
      zh: '时间、评分、保证金和密钥持有人一次写清，逐条对照规则',
      en: 'timetable, criteria, deposit and holders, checked against the rules',
    },
    () => drafted(stage, retenderOf),
  );
  await story.step(
    'document',
    { zh: '生成并签章招标文件', en: 'Tender document made and signed' },
    { zh: 'PDF 由代理机构证书签章，附图纸', en: 'a PDF signed with the agency’s certificate, drawings attached' },
    async () => {
      await attachFile(agency.session, tenderId, { name: '图纸与工程量清单.pdf', bytes: new Uint8Array(drawing) });
      await issueTenderDocument(agency.session, tenderId);
    },
  );
  await story.step(
    'acceptances',
    { zh: '三方密钥持有人各自接受保管', en: 'Each holder accepts with keys of its own' },
    {
      zh: '每阶段一把一次性密钥，私钥只在持有人手里',
      en: 'one-time keys per stage; the private parts never leave the holders',
    },
    async () => {
      await freezeNotice(agency.session, tenderId);
      await awaitAcceptances(agency.session, tenderId);
    },
  );
  const view = await story.step(
    'publish',
    { zh: `公告发布 ${code}`, en: `Notice ${code} published` },
    { zh: '公告进入证据日志并由见证副签后才算发布', en: 'counts once it is in the log and a witness has cosigned' },
    () => publishTender(agency.session, tenderId),
  );
  const lot = await readLotKeys(stage.publicApi, tenderId, { provider, trust: stage.trust, now: stage.clock.now() });
  return { tenderId, code, deadline: parseInstant(view.deadline), lot };
}
