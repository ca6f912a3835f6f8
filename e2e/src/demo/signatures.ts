import { fromBase64 } from '@qej/kernel';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestsOf } from './registers.ts';
import { run } from './tools.ts';
import type { Checks } from './tools.ts';

interface Trust {
  /** PEM file: the roots, as somebody else would have them. */
  readonly roots: string;
  /** PEM file: issuing authorities, which need no trust. */
  readonly intermediates: string;
  /** Both in one file: `openssl cms` looks for issuing authorities there alone, and asks for a root all the same. */
  readonly all: string;
}

/** `openssl ts -verify` of a receipt's token, `openssl cms -verify` of the platform's seal over it. */
export async function checkReceipt(checks: Checks, folder: string, file: string, trust: Trust): Promise<void> {
  const pack = JSON.parse(await readFile(file, 'utf8')) as Record<'receipt' | 'cms' | 'timestampToken', string>; // a receipt package
  const place = join(folder, 'receipt');
  await mkdir(place, { recursive: true });
  for (const member of ['receipt', 'cms', 'timestampToken'] as const)
    await writeFile(join(place, member), fromBase64(pack[member]));
  const stamp = await run('openssl', [
    ...['ts', '-verify', '-token_in', '-in', join(place, 'timestampToken'), '-data', join(place, 'receipt')],
    ...['-CAfile', trust.roots, '-untrusted', trust.intermediates],
  ]);
  checks.hold(
    'openssl ts -verify of a receipt',
    stamp.code === 0 && /Verification: OK/.test(stamp.stdout),
    stamp.stderr,
  );
  const seal = await verifyCms(join(place, 'cms'), trust, join(place, 'receipt'));
  checks.hold('openssl cms -verify of a receipt', seal.code === 0, seal.stderr);
  await writeFile(join(place, 'other'), 'something else');
  const other = await verifyCms(join(place, 'cms'), trust, join(place, 'other'));
  checks.hold('openssl cms -verify refuses another content', other.code !== 0);
}

const verifyCms = (cms: string, { all }: Trust, content?: string) =>
  run('openssl', [
    ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', cms, '-CAfile', all],
    ...['-purpose', 'any', '-out', `${cms}.content`],
    ...(content === undefined ? [] : ['-content', content]),
  ]);

/** Every bidder's own signature over its manifest, out of the registers of the archive. @returns how many */
export async function checkManifests(checks: Checks, members: string, folder: string, trust: Trust): Promise<number> {
  const manifests = await manifestsOf(members);
  for (const [index, cms] of manifests.entries()) {
    const file = join(folder, `manifest-${index}.p7m`);
    await writeFile(file, cms);
    const ran = await verifyCms(file, trust);
    const content = await readFile(`${file}.content`, 'utf8').catch(() => '');
    checks.hold(`openssl cms -verify of manifest ${index}`, ran.code === 0, ran.stderr);
    checks.hold(`manifest ${index} is inside`, content.includes('"bidRoot"'), content.slice(0, 100));
  }
  return manifests.length;
}
