import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkInk, checkSignatures, checkStructure, makeNssDatabase } from './demo/pdfs.ts';
import { checkManifests, checkReceipt } from './demo/signatures.ts';
import { Checks, run } from './demo/tools.ts';

const qej = fileURLToPath(new URL('../../qej', import.meta.url));
const BIDDERS = 3;
const EXPERTS = 5;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Papers that carry signatures: part of the file's name, fewest signatures, words that must be in it. */
const papers = [
  { part: '开标记录', signatures: 1, words: ['开标记录', '投标人', '投标报价'] },
  { part: '评标报告', signatures: EXPERTS, words: ['评标报告', '评标委员会', '推荐'] },
  { part: '中标通知书', signatures: 1, words: ['中标通知书', '中标价'] },
  { part: '招标文件', signatures: 1, words: ['招标文件', '投标截止', '保证金'] },
] as const;
const certificateWords = ['投标保函', '受益人', '最高限额', '人民币'];

const pem = (der: string): string =>
  `-----BEGIN CERTIFICATE-----\n${der.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END CERTIFICATE-----\n`;

interface Played {
  readonly out: string;
  readonly data: string;
  /** PEM of the roots that the local CA gives out. */
  readonly roots: string;
}

/** One tender through the public API, with everything that the demo leaves behind. */
async function play(checks: Checks, folder: string): Promise<Played> {
  const out = join(folder, 'out');
  const data = join(folder, 'data');
  const args = ['demo', '--bidders', String(BIDDERS), '--file-mb', '2', '--json', '--out', out, '--data', data];
  const ran = await run(qej, args);
  checks.hold('./qej demo', ran.code === 0, `${ran.stdout.slice(-1500)}${ran.stderr.slice(-1500)}`);
  const figures = ran.stdout.trimEnd().split('\n').at(-1) ?? '';
  checks.hold('the last line is JSON', figures.startsWith('{'), figures);
  say(figures);
  return { out, data, roots: await readFile(join(data, 'public-trust', 'roots.pem'), 'utf8') };
}

async function verifyArchives(checks: Checks, { out, data }: Played, folder: string): Promise<void> {
  const vkey = async (name: string): Promise<string> => (await readFile(join(out, 'trust', name), 'utf8')).trim();
  const policy = ['--roots', join(data, 'public-trust', 'roots.pem'), '--log', await vkey('log.vkey')];
  for (const key of (await vkey('witness.vkey')).split('\n')) policy.push('--witness', key);
  for (const profile of ['public', 'full']) {
    const archive = join(out, `archive-${profile}.qej`);
    const ran = await run(qej, ['verify', archive, ...policy, '--extract', join(folder, profile)]);
    checks.hold(`./qej verify archive-${profile}.qej`, ran.code === 0, ran.stdout + ran.stderr);
    say(ran.stdout.trimEnd().split('\n').at(-1) ?? '');
  }
  const bytes = await readFile(join(out, 'archive-full.qej'));
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const broken = join(folder, 'broken.qej');
  await writeFile(broken, bytes);
  const refused = await run(qej, ['verify', broken, ...policy]);
  checks.hold('./qej verify refuses a flipped byte', refused.code === 1, refused.stdout);
}

async function checkPapers(checks: Checks, { out, roots }: Played, folder: string): Promise<void> {
  const database = await makeNssDatabase(checks, folder, roots);
  const documents = (await readdir(join(out, 'documents'))).filter((name) => name.endsWith('.pdf'));
  let words = 0;
  let signatures = 0;
  for (const { part, signatures: least, words: expected } of papers) {
    const name = documents.find((one) => one.includes(part));
    checks.hold(`there is a ${part}`, name !== undefined, documents.join(', '));
    if (name === undefined) continue;
    const file = join(out, 'documents', name);
    signatures += await checkSignatures(checks, database, file, least);
    await checkStructure(checks, file);
    words += await checkInk(checks, folder, file, expected);
  }
  const certificates = await findFiles(out, '投标保函.pdf');
  checks.hold('a guarantee certificate was issued', certificates.length > 0);
  for (const file of certificates.slice(0, 1)) {
    signatures += await checkSignatures(checks, database, file, 1);
    await checkStructure(checks, file);
    words += await checkInk(checks, folder, file, certificateWords);
  }
  say(`PDF: ${signatures} signatures valid and trusted, ${words} Chinese words drawn`);
}

const findFiles = async (folder: string, name: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(name)).map((path) => join(folder, path));

async function checkWithOpenssl(checks: Checks, { out, data, roots }: Played, folder: string): Promise<void> {
  const { intermediates } = JSON.parse(await readFile(join(folder, 'full', 'trust.json'), 'utf8')) as {
    intermediates: readonly string[];
  };
  const trust = {
    roots: join(data, 'public-trust', 'roots.pem'),
    intermediates: join(folder, 'intermediates.pem'),
    all: join(folder, 'all.pem'),
  };
  const issuing = intermediates.map(pem).join('');
  await writeFile(trust.intermediates, issuing);
  await writeFile(trust.all, roots + issuing);
  const receipts = await findFiles(out, '投标回执.json');
  checks.hold('every bidder has a receipt', receipts.length === BIDDERS, receipts.join(', '));
  for (const receipt of receipts) await checkReceipt(checks, folder, receipt, trust);
  const manifests = await checkManifests(checks, join(folder, 'full'), folder, trust);
  checks.hold('every bidder signed a manifest', manifests === BIDDERS);
  say(`openssl: ${receipts.length} receipts, ${manifests} manifests`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { keep: { type: 'string' } } });
  const folder = values.keep ?? (await mkdtemp(join(tmpdir(), 'qej-demo-check-')));
  await mkdir(folder, { recursive: true });
  const checks = new Checks();
  try {
    const played = await play(checks, folder);
    await verifyArchives(checks, played, folder);
    await checkPapers(checks, played, folder);
    await checkWithOpenssl(checks, played, folder);
  } finally {
    if (values.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
  for (const line of checks.failures) say(`✘ ${line}`);
  say(`${checks.passed} passed, ${checks.failures.length} failed`);
  return checks.failures.length === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n0 passed, 1 failed`);
    process.exit(1);
  },
);
