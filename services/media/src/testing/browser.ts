import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientState } from '@qej/rooms';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { PageApi } from './client-page.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

/** Chromium with invented microphone and camera. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: flags });

/** The client page's script, bundled for the browser. */
export async function bundleClientPage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'client-page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    charset: 'utf8',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('no bundle');
  // Inline in HTML, where this would end the element.
  return file.text.replaceAll('</script', '<\\/script');
}

type Api = PageApi;
type Call = {
  [K in keyof Api]: Api[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};

/** One person in a browser context of their own. */
export interface Person {
  readonly id: string;
  readonly page: Page;
  readonly room: Call;
}

export async function openPerson(browser: Browser, origin: string, id: string): Promise<Person> {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
  const page = await context.newPage();
  await page.goto(origin);
  const call = (name: string, args: unknown[]): Promise<unknown> =>
    page.evaluate(
      ([method, given]) =>
        (globalThis as unknown as { room: Record<string, (...args: unknown[]) => unknown> }).room[method]?.(...given),
      [name, args] as const,
    );
  // Every property of the page's interface becomes a call into the page.
  const room = new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...args: unknown[]) =>
          call(String(name), args),
    },
  ) as Call;
  return { id, page, room };
}

/** Asks again until the answer is right. @throws Error after the limit, with the last answer */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  isRight: (answer: T) => boolean,
  limitMs = 20_000,
): Promise<T> {
  const startedAt = performance.now();
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (performance.now() - startedAt > limitMs)
      throw new Error(`${what}: still ${JSON.stringify(answer)} after ${limitMs} ms`);
    await sleep(100);
  }
}

/** Each sees at least so many frames more of each other than now, and hears each other. */
export async function everybodySeesAndHears(people: readonly Person[], frames = 50): Promise<void> {
  for (const person of people) {
    const before = await person.room.inbound();
    for (const other of people.filter(({ id }) => id !== person.id)) {
      const [camera, mic] = [`${other.id}/camera`, `${other.id}/mic`];
      await until(
        `${person.id} receives ${other.id}`,
        () => person.room.inbound(),
        // A consumer that was made anew counts from zero.
        (now) =>
          counts(now[camera]?.frames, before[camera]?.frames) >= frames &&
          counts(now[mic]?.energy, before[mic]?.energy) > 0,
      );
    }
  }
}

const counts = (now = 0, before = 0): number => (now >= before ? now - before : now);

/** Between two tests: pages left behind would go on using the one invented camera. */
export const closePages = async (browser: Browser): Promise<void> => {
  await Promise.all(browser.contexts().map((context) => context.close()));
};

export const stateOf = async (person: Person): Promise<ClientState> => (await person.room.state()) as ClientState;
