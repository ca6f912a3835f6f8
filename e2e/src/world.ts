import { startTestPlatform } from '@qej/testkit';
import type { TestPlatform } from '@qej/testkit';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { openAudit } from './audit.ts';
import type { Audit } from './audit.ts';
import type { Options } from './options.ts';
import { Person } from './person.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--use-fake-device-for-media-stream=fps=15',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

/** The browser reports each refusal; the answer to "who am I?" for somebody who has not logged in is no fault. */
const NOBODY = /status of 401 \(Unauthorized\) \(http:\/\/localhost:\d+\/api\/session\)/;

/** Everybody and everything of one run. */
export class World {
  readonly options: Options;
  readonly platform: TestPlatform;
  readonly browser: Browser;
  readonly audit: Audit;
  readonly problems: string[] = [];
  readonly errors: string[] = [];
  readonly people = new Map<string, Person>();
  passed = 0;
  /** The tender that is played to its end. */
  tenderId = '';
  /** The clerk's page at the bank. */
  desk: Page | undefined;
  guarantee: { readonly number: string; readonly verificationCode: string } | undefined;
  /** Log-ins of the experts who were drawn. */
  experts: readonly string[] = [];
  chair = '';
  /** Lines for the report. */
  readonly figures: string[] = [];
  #guest: Page | undefined;

  private constructor(options: Options, platform: TestPlatform, browser: Browser, audit: Audit) {
    this.options = options;
    this.platform = platform;
    this.browser = browser;
    this.audit = audit;
  }

  static async open(options: Options): Promise<World> {
    const [platform, browser, audit] = await Promise.all([
      startTestPlatform(),
      chromium.launch({ executablePath: '/usr/bin/chromium', headless: !options.headed, args: FLAGS }),
      openAudit(options),
    ]);
    return new World(options, platform, browser, audit);
  }

  /** A context of their own, opened when first needed. */
  async person(key: string, viewport?: { width: number; height: number }): Promise<Person> {
    const known = this.people.get(key);
    if (known !== undefined) return known;
    const person = await Person.open(this, key, viewport);
    this.people.set(key, person);
    return person;
  }

  /** Nobody in particular, without a log-in. */
  async guest(): Promise<Page> {
    if (this.#guest !== undefined) return this.#guest;
    const context = await this.browser.newContext({ locale: 'zh-CN', viewport: { width: 1100, height: 760 } });
    this.#guest = await context.newPage();
    this.#guest.on('console', (message) => {
      if (message.type() === 'error') this.consoleError(`guest: ${message.text()} (${message.location().url})`);
    });
    return this.#guest;
  }

  /** Somebody who is there already. */
  who(key: string): Person {
    const person = this.people.get(key);
    if (person === undefined) throw new Error(`${key} has not come yet`);
    return person;
  }

  /** Counts what held. @throws Error with what did not */
  check(what: string, isTrue: boolean): void {
    if (!isTrue) throw new Error(what);
    this.passed += 1;
  }

  problem(text: string): void {
    this.problems.push(text);
  }

  consoleError(text: string): void {
    if (!NOBODY.test(text)) this.errors.push(text);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.platform.close();
  }
}

/** A few at once: two processors serve everybody. */
export async function inLanes<T>(items: readonly T[], lanes: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
}
