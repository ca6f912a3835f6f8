import { ACT_MS } from '../person.ts';
import type { Person } from '../person.ts';
import type { Step } from '../step.ts';
import { wallIn } from '../facts.ts';
import type { World } from '../world.ts';

/** The tenderee signs a mandate; the agency sees it. */
async function mandate(world: World): Promise<void> {
  const tenderee = world.who('tenderee');
  const agency = world.who('agency');
  await tenderee.go('/mandates');
  await tenderee.choose('mandate-agency', agency.login.organization);
  await tenderee.look('mandate-grant');
  await tenderee.click('grant-mandate');
  await tenderee.see('mandate');
  world.check('the mandate was signed', tenderee.confirmed.at(-1)?.purpose === 'qej-mandate/1');
  await agency.go('/mandates');
  const shown = await agency.text('mandate');
  world.check('the agency sees the mandate', shown.includes(tenderee.login.organization));
  await agency.look('mandates');
}

export interface DraftWords {
  readonly code: string;
  readonly titleZh: string;
  readonly titleEn: string;
  readonly estimate: string;
  readonly publicitySeconds: string;
}

export const mainTender: DraftWords = {
  code: 'QEJ-E2E-001',
  titleZh: '崂山区海滨步道改造工程施工',
  titleEn: 'Seaside walkway renewal, Laoshan district',
  estimate: '30000000.00',
  publicitySeconds: '4',
};

/** Fills the editor and saves. @returns the tender's id */
export async function draft(world: World, words: DraftWords, deadlineSeconds: number, look: boolean): Promise<string> {
  const agency = world.who('agency');
  const tenderee = world.who('tenderee');
  await agency.go('/agency/tenders/new');
  await agency.fill('draft-code', words.code);
  await agency.choose('draft-tenderee', tenderee.login.organization);
  await agency.fill('draft-title-zh', words.titleZh);
  await agency.fill('draft-title-en', words.titleEn);
  await agency.fill('draft-lot-zh', `${words.titleZh}（一标段）`);
  await agency.fill('draft-lot-en', `${words.titleEn}, lot 1`);
  await agency.fill('draft-estimate', words.estimate);
  await agency.fill('draft-ceiling', words.estimate);
  await agency.fill('draft-publicity', words.publicitySeconds);
  await agency.fill('draft-window', '120');
  await agency.fill(
    'draft-description',
    '步道铺装约 3.2 公里，含护栏、照明与排水；配套绿化 1.1 公顷，无障碍坡道 12 处。工期 180 日历天，质量合格。',
  );
  if (look) await agency.look('notice-editor');
  await agency.fill('draft-deadline', wallIn(deadlineSeconds));
  await agency.seeData('draft-status', 'issues', '0');
  await agency.click('draft-save');
  await agency.page.waitForURL(/\/tenders\/[0-9a-f]{32}\/prepare$/);
  const [, tenderId = ''] = /tenders\/([0-9a-f]{32})/.exec(agency.page.url()) ?? [];
  return tenderId;
}

async function signDocument(agency: Person): Promise<void> {
  await agency.click('make-document', { timeout: ACT_MS });
  await agency.click('sign-document', { timeout: ACT_MS });
  await agency.page.locator('[data-test="freeze-notice"]:enabled').waitFor({ timeout: ACT_MS });
}

/** Document, signature, holders, publication. */
export async function publish(world: World, look: boolean): Promise<void> {
  const agency = world.who('agency');
  await signDocument(agency);
  if (look) await agency.look('notice-prepare');
  await agency.click('freeze-notice');
  await agency.seeData('holder-board', 'complete', 'true');
  if (look) await agency.look('notice-holders');
  await agency.click('publish-notice');
  await agency.see('published');
  world.check('the notice was signed', agency.confirmed.at(-1)?.purpose === 'qej-notice/1');
}

async function mainNotice(world: World): Promise<void> {
  world.tenderId = await draft(world, mainTender, world.options.deadlineSeconds, false);
  await publish(world, false);
}

/** Anybody reads notice and document without a log-in. */
async function publicNotice(world: World): Promise<void> {
  const guest = await world.guest();
  await guest.goto(`${world.platform.origin}/`);
  await guest.locator(`[data-code="${mainTender.code}"]`).waitFor();
  await world.audit.look(guest, 'portal');
  await guest.goto(`${world.platform.origin}/tenders/${world.tenderId}`);
  const notice = await guest.locator('[data-test="notice-document"]').innerText();
  world.check('the public reads the notice', notice.includes(mainTender.titleZh));
  await world.audit.look(guest, 'notice');
  const link = guest.locator('[data-test="document-link"]').first();
  const [download] = await Promise.all([guest.waitForEvent('download'), link.click()]);
  world.check('the tender document is a PDF', download.suggestedFilename().endsWith('.pdf'));
}

export const noticeSteps: readonly Step[] = [
  { name: 'mandate', run: mandate },
  { name: 'notice', run: mainNotice },
];
export const publicNoticeStep: Step = { name: 'public-notice', run: publicNotice };
