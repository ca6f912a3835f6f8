import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { run } from './tools.ts';
import type { Checks } from './tools.ts';

const DPI = 100;
const POINTS_PER_INCH = 72;
/** Grey footers are ink too. */
const DARK = 200;
/** A box in which something is printed: less is blank, more is a blot. */
const INK = { least: 0.02, most: 0.75 } as const;

/** An NSS database with the roots, as a PDF reader of the recipient would have them. @returns its folder */
export async function makeNssDatabase(checks: Checks, folder: string, rootsPem: string): Promise<string> {
  const database = join(folder, 'nss');
  await mkdir(database, { recursive: true });
  await run('certutil', ['-N', '-d', `sql:${database}`, '--empty-password']);
  const roots = rootsPem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  for (const [index, root] of roots.entries()) {
    const file = join(folder, `root-${index}.pem`);
    await writeFile(file, `${root}\n`);
    const added = await run('certutil', [
      '-A',
      '-d',
      `sql:${database}`,
      '-n',
      `root-${index}`,
      '-t',
      'CT,C,C',
      '-i',
      file,
    ]);
    checks.hold(`root ${index} imported`, added.code === 0, added.stderr);
  }
  checks.hold('there are roots', roots.length > 0);
  return database;
}

/** `pdfsig`: every signature valid and its certificate trusted; at least so many signatures. */
export async function checkSignatures(checks: Checks, database: string, file: string, least: number): Promise<number> {
  const { stdout, stderr } = await run('pdfsig', ['-nssdir', `sql:${database}`, file]);
  const valid = stdout.split('Signature is Valid').length - 1;
  const trusted = stdout.split('Certificate is Trusted').length - 1;
  const all = stdout.match(/^Signature #\d+:/gm)?.length ?? 0;
  const name = basename(file);
  checks.hold(`pdfsig ${name}: ${least} signatures`, all >= least, `${all}: ${stdout}${stderr}`);
  checks.hold(`pdfsig ${name}: all valid`, all > 0 && valid === all, stdout);
  checks.hold(`pdfsig ${name}: all trusted`, all > 0 && trusted === all, stdout);
  return all;
}

export async function checkStructure(checks: Checks, file: string): Promise<void> {
  const { code, stdout, stderr } = await run('qpdf', ['--check', file]);
  checks.hold(`qpdf ${basename(file)}`, code === 0 && !/WARNING/.test(stdout + stderr), stdout + stderr);
  const fonts = await run('pdffonts', [file]);
  const rows = fonts.stdout.trimEnd().split('\n').slice(2);
  checks.hold(
    `fonts of ${basename(file)} are embedded`,
    rows.length > 0 && rows.every((row) => /\s(yes)\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+$/.test(row)),
    fonts.stdout,
  );
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Binary greymap (P5) as pdftoppm writes it. */
function readGreymap(bytes: Uint8Array): Picture {
  const head = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(Buffer.from(bytes.subarray(0, 40)).toString('latin1'));
  if (head === null) throw new Error('pdftoppm wrote no greymap');
  return { width: Number(head[1]), height: Number(head[2]), pixels: bytes.subarray(head[0].length) };
}

interface Box {
  readonly text: string;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

const scale = (points: string): number => (Number(points) * DPI) / POINTS_PER_INCH;

/** Words with Chinese characters and where they stand, page by page. */
function chineseWords(bbox: string): readonly (readonly Box[])[] {
  return bbox
    .split('<page ')
    .slice(1)
    .map((page) =>
      Array.from(
        page.matchAll(/<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<\/word>/g),
        ([, x0 = '', y0 = '', x1 = '', y1 = '', text = '']): Box => ({
          text,
          from: [scale(x0), scale(y0)],
          to: [scale(x1), scale(y1)],
        }),
      ).filter(({ text }) => /\p{Script=Han}/u.test(text)),
    );
}

function inkIn({ width, height, pixels }: Picture, { from, to }: Pick<Box, 'from' | 'to'>): number {
  let dark = 0;
  let all = 0;
  for (let y = Math.max(0, Math.floor(from[1])); y < Math.min(height, Math.ceil(to[1])); y++)
    for (let x = Math.max(0, Math.floor(from[0])); x < Math.min(width, Math.ceil(to[0])); x++) {
      all += 1;
      if ((pixels[y * width + x] ?? 255) < DARK) dark += 1;
    }
  return all === 0 ? 0 : dark / all;
}

/** Each Chinese word of each page is drawn where the text says, and the expected words are there. @returns words looked at */
export async function checkInk(
  checks: Checks,
  folder: string,
  file: string,
  expected: readonly string[],
): Promise<number> {
  const name = basename(file);
  const text = (await run('pdftotext', ['-layout', file, '-'])).stdout.replaceAll(/\s+/g, '');
  for (const word of expected)
    checks.hold(`${name} says ${word}`, text.includes(word.replaceAll(/\s+/g, '')), text.slice(0, 400));
  const pages = chineseWords((await run('pdftotext', ['-bbox', file, '-'])).stdout);
  const pictures = join(folder, 'pages', name);
  await mkdir(pictures, { recursive: true });
  await run('pdftoppm', ['-r', String(DPI), '-gray', file, join(pictures, 'page')]);
  const files = (await readdir(pictures)).toSorted();
  checks.hold(`${name}: every page is drawn`, files.length === pages.length, `${files.length} of ${pages.length}`);
  let words = 0;
  for (const [index, boxes] of pages.entries()) {
    const picture = readGreymap(await readFile(join(pictures, files[index] ?? '')));
    const bare = boxes.filter((box) => {
      const ink = inkIn(picture, box);
      return ink < INK.least || ink > INK.most;
    });
    words += boxes.length;
    checks.hold(
      `${name} page ${index + 1}: Chinese words are drawn`,
      boxes.length > 0 && bare.length === 0,
      `${bare.length} of ${boxes.length}: ${bare
        .slice(0, 5)
        .map(({ text: one }) => one)
        .join(' ')}`,
    );
  }
  return words;
}
