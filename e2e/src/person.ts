import { totpCode } from '@qej/identity';
import { Secret, systemClock } from '@qej/kernel';
import type { TestLogin } from '@qej/testkit';
import { join } from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { keepConnections } from './received.ts';
import { serveKeyring } from './keyring.ts';
import type { Confirmed } from './keyring.ts';
import type { World } from './world.ts';

const CLICK_MS = 20_000;
/** A legal act: keyring window, signature, server, log. */
export const ACT_MS = 45_000;
const LAST_LINES = 40;

type Where = Locator | Page;
export const test = (name: string): string => `[data-test="${name}"]`;

/** One person in a browser context of their own, who acts by clicking. */
export class Person {
  readonly login: TestLogin;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly confirmed: Confirmed[] = [];
  readonly console: string[] = [];
  readonly #world: World;

  private constructor(world: World, login: TestLogin, context: BrowserContext, page: Page) {
    this.#world = world;
    this.login = login;
    this.context = context;
    this.page = page;
  }

  static async open(world: World, key: string, viewport = { width: 1100, height: 760 }): Promise<Person> {
    const login = world.platform.logins.find((one) => one.key === key);
    if (login === undefined) throw new Error(`no demo person ${key}`);
    const context = await world.browser.newContext({
      viewport,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      acceptDownloads: true,
      permissions: ['camera', 'microphone'],
    });
    context.setDefaultTimeout(CLICK_MS);
    context.setDefaultNavigationTimeout(ACT_MS);
    await context.addInitScript(keepConnections);
    const page = await context.newPage();
    const person = new Person(world, login, context, page);
    person.#watch(page);
    context.on('page', (popup) => person.#welcome(popup));
    return person;
  }

  get key(): string {
    return this.login.key;
  }

  #watch(page: Page): void {
    const note = (line: string): void => {
      this.console.push(line);
      if (this.console.length > LAST_LINES) this.console.shift();
    };
    page.on('console', (message) => {
      const line = `${message.type()}: ${message.text()} (${message.location().url})`;
      note(line);
      if (message.type() === 'error') this.#world.consoleError(`${this.key} at ${pathOf(page.url())}: ${line}`);
    });
    page.on('pageerror', (error) => {
      note(`pageerror: ${error.message}`);
      this.#world.consoleError(`${this.key} at ${pathOf(page.url())}: ${error.stack ?? error.message}`);
    });
  }

  #welcome(popup: Page): void {
    this.#watch(popup);
    const { platform, audit, options } = this.#world;
    const serve = async (): Promise<void> => {
      await popup.waitForLoadState('domcontentloaded').catch(() => undefined);
      if (popup.isClosed() || !popup.url().startsWith(platform.keyringOrigin)) return;
      const language = options.languages[0] ?? 'zh';
      const shown = new URL(popup.url()).searchParams.get('lang') === 'en' ? 'en' : 'zh';
      await serveKeyring(popup, {
        p12: join(platform.data, this.login.p12),
        passphrase: this.login.passphrase,
        language: () => shown,
        confirmed: (one) => this.confirmed.push(one),
        problem: (text) => this.#world.problem(`${this.key}: ${text}`),
        look: (page, kind) => audit.lookOnce(page, `keyring-${kind.replace('/1', '')}`, language),
      });
    };
    void serve();
  }

  /** A page of the app by its path. */
  async go(path: string): Promise<void> {
    await this.page.goto(`${this.#world.platform.origin}${path}`);
  }

  at(name: string, within: Where = this.page): Locator {
    return within.locator(test(name));
  }

  async click(
    name: string,
    { within = this.page, timeout = CLICK_MS }: { within?: Where; timeout?: number } = {},
  ): Promise<void> {
    await this.at(name, within).first().click({ timeout });
  }

  /** `data-test` sits on the field itself or on what surrounds it. */
  async fill(name: string, value: string, within: Where = this.page): Promise<void> {
    const place = this.at(name, within).first();
    await place.waitFor();
    const field = place.locator('input, textarea').first();
    await ((await field.count()) > 0 ? field : place).fill(value);
  }

  /** One row of an Element Plus list, by what it says. */
  async choose(name: string, label: string): Promise<void> {
    await this.click(name);
    await this.page.locator('.el-select-dropdown__item:visible', { hasText: label }).first().click();
  }

  /** Waits until it is there. */
  async see(name: string, timeout = ACT_MS): Promise<Locator> {
    const place = this.at(name).first();
    await place.waitFor({ timeout });
    return place;
  }

  async text(name: string, timeout = ACT_MS): Promise<string> {
    return (await this.see(name, timeout)).innerText();
  }

  /** Waits until the attribute of an element has the value. */
  async seeData(name: string, attribute: string, value: string, timeout = ACT_MS): Promise<void> {
    await this.page
      .locator(`${test(name)}[data-${attribute}="${value}"]`)
      .first()
      .waitFor({ timeout });
  }

  /** Runs axe-core (and the screenshots) on the present page, once for each name. */
  async look(name: string): Promise<void> {
    await this.#world.audit.look(this.page, name);
  }

  /** By the certificate file in the keyring window; then the one-time code where the role needs one. */
  async logIn(next = '/desk'): Promise<void> {
    await this.go(`/login?next=${encodeURIComponent(next)}`);
    await this.click('login-certificate');
    const { totp } = this.login;
    if (totp !== undefined) await this.giveCode(totp);
    await this.page.waitForURL((url) => url.pathname === next, { timeout: ACT_MS });
  }

  async giveCode(secret: string): Promise<void> {
    await this.see('totp-code');
    await this.fill('totp-code', totpCode(new Secret(secret), systemClock.now()));
    await this.click('totp-verify');
  }

  hasSigned(purpose: string): boolean {
    return this.confirmed.some((one) => one.purpose === purpose);
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

const pathOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname : url);
