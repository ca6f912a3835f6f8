import { readFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Language, Options } from './options.ts';

/** One page in one language, as axe-core sees it. */
export interface AxeRow {
  readonly page: string;
  readonly language: string;
  readonly violations: readonly string[];
}

interface AxeResult {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const WIDTHS = [1280, 390] as const;
const SETTLE_MS = 250;

async function runAxe(page: Page, source: string): Promise<readonly string[]> {
  const isThere = await page.evaluate(() => 'axe' in globalThis);
  if (!isThere) await page.evaluate(source);
  const results = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: AxeResult[] }> } };
    return (await axe.run()).violations;
  });
  return results.flatMap(({ id, help, nodes }) =>
    nodes
      .slice(0, 4)
      .map(
        ({ target, failureSummary }) =>
          `${id}: ${help} at ${target.join(' ')} (${(failureSummary ?? '').replaceAll(/\s+/g, ' ')})`,
      ),
  );
}

/** Pages are told apart by name; each is looked at once in each language. */
export interface Audit {
  readonly rows: readonly AxeRow[];
  /** axe-core on an app page in every language, screenshots where wanted; leaves the page in the first language. */
  look(page: Page, name: string): Promise<void>;
  /** The same for a page whose language cannot be switched. */
  lookOnce(page: Page, name: string, language: string): Promise<void>;
}

async function switchTo(page: Page, language: Language): Promise<void> {
  const wanted = language === 'zh' ? 'zh-CN' : 'en';
  if ((await page.getAttribute('html', 'lang')) === wanted) return;
  await page.click('[data-test="language"]');
  await page.waitForFunction((lang) => document.documentElement.lang === lang, wanted);
}

export async function openAudit(options: Options): Promise<Audit> {
  const source = await readFile(axeFile, 'utf8');
  const rows: AxeRow[] = [];
  const seen = new Set<string>();
  const { screens, languages } = options;
  if (screens !== undefined) await mkdir(screens, { recursive: true });

  const shoot = async (page: Page, name: string, language: string): Promise<void> => {
    if (screens === undefined) return;
    const before = page.viewportSize();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 800 });
      await page.evaluate(() => scrollTo(0, 0));
      await page.waitForTimeout(SETTLE_MS);
      await page.screenshot({ path: join(screens, `${name}-${language}-${width}.png`), fullPage: true });
    }
    if (before !== null) await page.setViewportSize(before);
  };
  const lookOnce = async (page: Page, name: string, language: string): Promise<void> => {
    const key = `${name} ${language}`;
    if (seen.has(key)) return;
    seen.add(key);
    await page.waitForTimeout(SETTLE_MS);
    rows.push({ page: name, language, violations: await runAxe(page, source) });
    await shoot(page, name, language);
  };
  return {
    rows,
    lookOnce,
    look: async (page, name) => {
      if (languages.every((language) => seen.has(`${name} ${language}`))) return;
      for (const language of languages.toReversed()) {
        await switchTo(page, language);
        await lookOnce(page, name, language);
      }
      await switchTo(page, 'zh');
    },
  };
}
