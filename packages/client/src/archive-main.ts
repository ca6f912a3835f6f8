import { ApiError } from '@qej/contract';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { fetchArchive } from './actors/archive.ts';
import { platformClient } from './http/api-clients.ts';
import { openSession } from './http/session-client.ts';
import { identityFromPkcs12 } from './identity.ts';

const usage = `用法 Usage: ./qej archive TENDER [--origin URL] [--out FILE] [--as KEY --logins FILE]
  TENDER          项目编号（32 位十六进制）或招标编号 id or code of the tender
  --origin URL    平台地址，默认 http://127.0.0.1:8080 where the platform is
  --out FILE      默认 TENDER-public.qej / TENDER-full.qej
  --as KEY        以演示身份取完整档案 the full archive, as this demo identity (tenderee, supervisor, agency)
  --p12 FILE --passphrase-file FILE  以自己的证书取完整档案 the full archive, as the holder of this certificate
  --logins FILE   演示身份清单，默认 data/demo-logins.json list of demo identities`;

interface DemoLogin {
  readonly key: string;
  readonly p12: string;
  readonly passphrase: string;
  readonly totp?: string;
}

async function openAs(origin: string, logins: string, key: string) {
  const list = JSON.parse(await readFile(logins, 'utf8')) as readonly DemoLogin[]; // written by the platform itself
  const found = list.find((login) => login.key === key);
  if (found === undefined)
    throw new TypeError(
      `没有演示身份 no demo identity ${key}; 有 there are: ${list.map((login) => login.key).join(', ')}`,
    );
  const bytes = new Uint8Array(await readFile(join(dirname(logins), found.p12)));
  const totp = found.totp === undefined ? {} : { totpSecret: found.totp };
  const identity = await identityFromPkcs12(bytes, found.passphrase, { id: key, ...totp });
  return (await openSession({ origin, identity })).api;
}

async function openWith(origin: string, p12: string, passphraseFile: string) {
  const passphrase = (await readFile(passphraseFile, 'utf8')).trimEnd();
  const identity = await identityFromPkcs12(new Uint8Array(await readFile(p12)), passphrase, { id: 'archive' });
  return (await openSession({ origin, identity })).api;
}

/** An id is taken as it is; anything else is looked up among the published tenders. */
async function tenderIdOf(client: ReturnType<typeof platformClient>, wanted: string): Promise<string> {
  if (/^[0-9a-f]{32}$/.test(wanted)) return wanted;
  const { items } = await client.listTenders({ query: { q: wanted } });
  const found = items.find(({ code }) => code === wanted);
  if (found === undefined) throw new TypeError(`没有这个项目 no tender with the code ${wanted}`);
  return found.tenderId;
}

/** `./qej archive`: fetches the public archive, or with a demo identity the full one, and says how to check it. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      origin: { type: 'string', default: 'http://127.0.0.1:8080' },
      out: { type: 'string' },
      as: { type: 'string' },
      p12: { type: 'string' },
      'passphrase-file': { type: 'string' },
      logins: { type: 'string', default: 'data/demo-logins.json' },
      help: { type: 'boolean' },
    },
  });
  const [wanted] = positionals;
  if (wanted === undefined || values.help === true) {
    process.stdout.write(`${usage}\n`);
    return values.help === true ? 0 : 2;
  }
  const { origin } = values;
  const { p12, 'passphrase-file': passphraseFile } = values;
  const isFull = values.as !== undefined || p12 !== undefined;
  if (p12 !== undefined && passphraseFile === undefined) throw new TypeError('--p12 needs --passphrase-file');
  const client =
    values.as !== undefined
      ? await openAs(origin, values.logins, values.as)
      : p12 !== undefined && passphraseFile !== undefined
        ? await openWith(origin, p12, passphraseFile)
        : platformClient({ origin });
  const tenderId = await tenderIdOf(client, wanted);
  const bytes = await fetchArchive(client, tenderId, isFull ? 'full' : 'public');
  const out = values.out ?? `${wanted}-${isFull ? 'full' : 'public'}.qej`;
  await writeFile(out, bytes);
  process.stdout.write(
    `${out}  ${bytes.length} bytes\n核验 check it: ./qej verify ${out} --roots FILE --witness VKEY\n`,
  );
  return 0;
}

if (import.meta.main)
  process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
    const isKnown =
      error instanceof ApiError || error instanceof TypeError || (error instanceof Error && 'code' in error);
    if (!isKnown) throw error;
    process.stderr.write(`${error.message}\n\n${usage}\n`);
    return 2;
  });
