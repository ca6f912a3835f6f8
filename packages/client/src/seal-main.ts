import { open, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { GuaranteeReference } from '@qej/deposits';
import { DomainError, formatMoney, parseInstant, systemClock } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { fileSource, nodeProvider as provider } from '@qej/sealed-bid/node';
import type { SealFile } from '@qej/sealed-bid';
import { bidderDecrypter, partyOf, signBytesWith } from './actors/bidder.ts';
import { decideOwnCredit, depositDeclaration } from './bidder/credit.ts';
import { awaitIncludedReceipt, checkReceipt, readPublishedPolicy } from './bidder/receipt.ts';
import { sealBid } from './bidder/seal-bid.ts';
import { openUploadPass } from './bidder/upload-pass.ts';
import type { UploadPass } from './bidder/upload-pass.ts';
import { intakeClient, platformClient } from './http/api-clients.ts';
import type { IntakeClient } from './http/api-clients.ts';
import { openSession } from './http/session-client.ts';
import type { SessionClient } from './http/session-client.ts';
import { identityFromPkcs12 } from './identity.ts';
import { readLotKeys, readPublishedRoots } from './lot-keys.ts';
import type { LotKeys, TrustRoots } from './lot-keys.ts';
import { writeDurably } from './node/durable-files.ts';
import { findIntakeOrigin } from './node/find-intake.ts';
import { openSealFolder } from './node/seal-folder.ts';
import type { SealFolder } from './node/seal-folder.ts';

const usage = `./qej seal TENDER --origin URL --p12 FILE --passphrase-file FILE --price 1234500.00 --out DIR
           --technical FILE… [--price-file FILE…] [--period-days N] [--quality TEXT] [--manager TEXT] [--guarantee FILE]
  TENDER          项目编号（32 位）· id of the tender
  --technical     技术标文件，可多次 · files of the technical stage
  --price-file    商务标文件，可多次 · files of the price stage
  --guarantee     保函引用（JSON，由平台投标保证金页面导出）· reference of a guarantee that covers what is not waived
  --out DIR       应急解密文件、回执、断点续传记录 · rescue file, receipt, and what a broken-off sealing needs to go on
中断后用同样的参数再次运行即可继续。Run it again with the same words to go on after a break.`;

class UsageError extends Error {}

const OPTIONS = {
  origin: { type: 'string' },
  p12: { type: 'string' },
  'passphrase-file': { type: 'string' },
  price: { type: 'string' },
  out: { type: 'string' },
  technical: { type: 'string', multiple: true },
  'price-file': { type: 'string', multiple: true },
  'period-days': { type: 'string' },
  quality: { type: 'string' },
  manager: { type: 'string' },
  guarantee: { type: 'string' },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : 'not understood');
  }
}

function readOptions(args: readonly string[]) {
  const { values, positionals } = parse(args);
  const [tenderId] = positionals;
  if (tenderId === undefined || !/^[0-9a-f]{32}$/.test(tenderId)) throw new UsageError('TENDER: 32 hex digits');
  const need = (key: 'origin' | 'p12' | 'passphrase-file' | 'price' | 'out'): string => {
    const value = values[key];
    if (value === undefined) throw new UsageError(`--${key} is needed`);
    return value;
  };
  const technical = values.technical ?? [];
  if (technical.length === 0) throw new UsageError('--technical is needed');
  return {
    tenderId,
    origin: new URL(need('origin')).origin,
    p12: need('p12'),
    passphraseFile: need('passphrase-file'),
    out: resolve(need('out')),
    technical,
    priceFiles: values['price-file'] ?? [],
    guarantee: values.guarantee,
    price: priceOf(need('price'), values),
  };
}
type Options = ReturnType<typeof readOptions>;

function priceOf(total: string, values: ReturnType<typeof parse>['values']): Json {
  const { quality, manager, 'period-days': days } = values;
  return {
    total,
    currency: 'CNY',
    ...(days === undefined ? {} : { periodDays: Number(days) }),
    ...(quality === undefined ? {} : { quality }),
    ...(manager === undefined ? {} : { manager }),
  };
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function openFiles(
  paths: readonly string[],
): Promise<{ readonly files: readonly SealFile[]; close(): Promise<void> }> {
  const handles = await Promise.all(paths.map((path) => open(path, 'r')));
  const files = await Promise.all(
    handles.map(async (handle, index): Promise<SealFile> => {
      const name = basename(paths[index] ?? '');
      const mediaType = name.toLowerCase().endsWith('.pdf') ? 'application/pdf' : 'application/octet-stream';
      return { name, mediaType, part: 'main', source: await fileSource(handle) };
    }),
  );
  return { files, close: async () => void (await Promise.all(handles.map((handle) => handle.close()))) };
}

const readGuarantee = async (path: string | undefined): Promise<GuaranteeReference | null> =>
  path === undefined ? null : (JSON.parse(await readFile(path, 'utf8')) as GuaranteeReference); // its schema is checked when sealed

async function depositOf(session: SessionClient, lot: LotKeys, options: Options): Promise<Json> {
  const credit = await decideOwnCredit(session.api, lot, partyOf(session.identity).uscc);
  const guarantee = await readGuarantee(options.guarantee);
  const { waived, due } = credit.decision;
  say(`保证金 deposit: 减免 waived ${formatMoney(waived)}, 应缴 due ${formatMoney(due)}`);
  if (due.amountMinor > 0n && guarantee === null)
    throw new UsageError('--guarantee: 尚有应缴部分 part of the deposit is due');
  return depositDeclaration(credit, guarantee) as unknown as Json; // JSON by its own schema
}

async function passOf(folder: SealFolder, session: SessionClient, intake: IntakeClient): Promise<UploadPass> {
  const known = await folder.readPass();
  if (known !== undefined && parseInstant(known.expiresAt) > systemClock.now() + 600_000) return known;
  const pass = await openUploadPass(session.api, intake);
  await folder.writePass(pass);
  return pass;
}

interface Place {
  readonly session: SessionClient;
  readonly intake: IntakeClient;
  readonly lot: LotKeys;
  readonly folder: SealFolder;
  readonly trust: TrustRoots;
}

async function prepare(options: Options): Promise<Place> {
  const { origin, out, tenderId } = options;
  const passphrase = (await readFile(options.passphraseFile, 'utf8')).trimEnd();
  const identity = await identityFromPkcs12(new Uint8Array(await readFile(options.p12)), passphrase, {
    id: 'bidder',
    actAs: 'bidder',
  });
  const session = await openSession({ origin, identity });
  const publicApi = platformClient({ origin });
  const trust = await readPublishedRoots(publicApi);
  const lot = await readLotKeys(publicApi, tenderId, { provider, trust, now: systemClock.now() });
  say(`${lot.notice.code} ${lot.notice.title.zh}  截止 deadline ${lot.notice.timetable.deadline.at}`);
  const intake = intakeClient({ origin: await findIntakeOrigin(origin) });
  return { session, intake, lot, trust, folder: await openSealFolder(join(out, '.sealing'), lot.noticeHash, provider) };
}

async function seal(options: Options): Promise<void> {
  const { session, intake, lot, trust, folder } = await prepare(options);
  const { out, price } = options;
  const [technical, quotation] = [await openFiles(options.technical), await openFiles(options.priceFiles)];
  const { point, decrypter } = bidderDecrypter(session.identity);
  const deposit = await depositOf(session, lot, options);
  const saveRescue = (rescue: Uint8Array): Promise<void> => writeDurably(join(out, 'rescue.json'), rescue);
  const onProgress = (progress: { step: string; done: number; all: number }): void =>
    say(`  ${progress.step} ${progress.done}/${progress.all}`);
  const sent = await sealBid(
    {
      provider,
      intake,
      pass: await passOf(folder, session, intake),
      journal: folder.journal,
      keeper: folder.keeper,
      saveRescue,
      onProgress,
    },
    {
      lot,
      attempt: folder.attempt,
      files: { technical: technical.files, price: quotation.files },
      price,
      deposit,
      ownerCertificate: session.identity.signer.certificate.der,
      bidderKey: point,
      sign: signBytesWith(session.identity),
      decrypter,
    },
  );
  await Promise.all([technical.close(), quotation.close()]);
  await writeDurably(join(out, 'receipt.json'), sent.receipt);
  const { messageHash } = sent;
  const pack = await awaitIncludedReceipt(intake, messageHash);
  const policy = await readPublishedPolicy(platformClient({ origin: options.origin }));
  await checkReceipt(pack, { trust, policy, messageHash, requireTick: true, now: systemClock.now() });
  await writeDurably(join(out, 'receipt.json'), pack);
  process.stdout.write(
    `${JSON.stringify({ sealed: true, tenderId: options.tenderId, messageHash, receipt: join(out, 'receipt.json') })}\n`,
  );
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.length === 0) return void process.stdout.write(`${usage}\n`);
  await seal(readOptions(args));
}

main().catch((error: unknown) => {
  const isUsage = error instanceof UsageError;
  say(
    isUsage
      ? `${error.message}\n\n${usage}`
      : error instanceof DomainError
        ? error.message
        : String(error instanceof Error ? error.stack : error),
  );
  process.exitCode = isUsage ? 2 : 1;
});
