import { getPurpose } from '@qej/pki';
import type { Page } from 'playwright-core';
import type { Language } from './options.ts';

/** One thing that a person confirmed in the keyring window. */
export interface Confirmed {
  readonly kind: string;
  readonly purpose: string | undefined;
  /** What the page said that it is for, as shown. */
  readonly said: string;
}

export interface KeyringOwner {
  readonly p12: string;
  readonly passphrase: string;
  readonly language: () => Language;
  readonly confirmed: (one: Confirmed) => void;
  /** Something that the window should have shown was not there. */
  readonly problem: (text: string) => void;
  /** Called with each question before it is confirmed. */
  readonly look: (page: Page, kind: string) => Promise<void>;
}

const STEP_MS = 30_000;
const by = (name: string): string => `[data-test="${name}"]`;

async function importIdentity(page: Page, { p12, passphrase }: KeyringOwner): Promise<void> {
  await page.setInputFiles(by('keyring-file'), p12, { timeout: STEP_MS });
  await page.fill(by('keyring-passphrase'), passphrase);
  await page.click(by('keyring-import'));
  await page.waitForSelector(by('keyring-passphrase'), { state: 'detached', timeout: STEP_MS });
}

/** The window must name the purpose in the person's language, and what the page says that it is for. */
async function readQuestion(page: Page, owner: KeyringOwner): Promise<Confirmed> {
  const card = page.locator(by('keyring-request'));
  const kind = (await card.getAttribute('data-kind')) ?? '';
  const purpose = (await card.getAttribute('data-purpose')) ?? undefined;
  const text = await card.innerText();
  const said = (await card.locator('dd').last().innerText()).trim();
  if (said === '') owner.problem(`keyring: ${kind} ${purpose ?? ''} without a title`);
  if (purpose !== undefined && !text.includes(getPurpose(purpose)[owner.language()]))
    owner.problem(`keyring: the purpose ${purpose} is not named`);
  if (kind === 'sign' && !/[0-9a-f]{64}/.test(text)) owner.problem(`keyring: ${purpose} without its digest`);
  return { kind, purpose, said };
}

async function answer(page: Page, owner: KeyringOwner): Promise<void> {
  const card = page.locator(by('keyring-request'));
  const question = await readQuestion(page, owner);
  await owner.look(page, question.purpose ?? question.kind);
  const handle = await card.elementHandle();
  await page.locator(`${by('keyring-confirm')}:enabled`).waitFor({ timeout: STEP_MS });
  owner.confirmed(question);
  // The window may close with the answer, even during the click; a new question is a new element.
  await page.click(by('keyring-confirm'), { timeout: STEP_MS });
  await handle?.waitForElementState('hidden', { timeout: STEP_MS }).catch(() => undefined);
}

/** Works in one keyring window until it closes: imports the identity where there is none, reads and confirms each question. */
export async function serveKeyring(page: Page, owner: KeyringOwner): Promise<void> {
  const isThere = (name: string): Promise<boolean> => page.locator(by(name)).isVisible();
  while (!page.isClosed()) {
    try {
      await page.waitForSelector(`${by('keyring-request')}, ${by('keyring-passphrase')}`, { timeout: 0 });
      if (await isThere('keyring-passphrase')) await importIdentity(page, owner);
      if (await isThere('keyring-request')) await answer(page, owner);
    } catch (error) {
      if (page.isClosed()) return;
      const problem = await page
        .locator('.problem')
        .allInnerTexts()
        .catch(() => []);
      owner.problem(`keyring: ${String(error)} ${problem.join(' ')}`);
      return;
    }
  }
}
