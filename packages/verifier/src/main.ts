import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { isRefusal } from './codes.ts';
import { isArchive, readContainer } from './container.ts';
import { printVerdict } from './print-verdict.ts';
import { readOptions, usage } from './read-options.ts';
import type { VerifyOptions } from './read-options.ts';
import { verifyFile } from './verify-file.ts';

/** Member paths were checked by the container reader: plain, relative, below the directory. */
function extract(bytes: Uint8Array, directory: string): void {
  for (const [path, member] of readContainer(bytes).members) {
    const target = join(directory, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, member, { flag: 'wx' });
  }
}

/** A file of no kind that this program knows is refused like any other broken one; the next file is still looked at. */
async function judge(file: string, bytes: Uint8Array, { policy, at, json }: VerifyOptions): Promise<boolean> {
  try {
    const verdict = await verifyFile(bytes, policy, at);
    const text = json
      ? `${JSON.stringify({ file: basename(file), ...verdict })}\n`
      : printVerdict(file, verdict, policy.witnesses.length);
    process.stdout.write(text);
    return verdict.ok;
  } catch (error) {
    if (!isRefusal(error) || error.code !== 'E_VERIFY_INPUT') throw error;
    const { code, message } = error;
    const findings = [{ code, subject: 'file', detail: message }];
    const text = json
      ? `${JSON.stringify({ file: basename(file), ok: false, steps: [{ id: 'file', ok: false, findings }] })}\n`
      : `${file}\n✗ ${message}\n结论：不通过 REFUSED\n`;
    process.stdout.write(text);
    return false;
  }
}

async function verifyOne(file: string, options: VerifyOptions): Promise<boolean> {
  const bytes = new Uint8Array(readFileSync(file));
  const ok = await judge(file, bytes, options);
  if (options.extract !== undefined && isArchive(bytes)) extract(bytes, options.extract);
  return ok;
}

/** `./qej verify`: offline, whatever machine it runs on. */
async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  try {
    const options = readOptions(args);
    let ok = true;
    for (const file of options.files) ok = (await verifyOne(file, options)) && ok;
    return ok ? 0 : 1;
  } catch (error) {
    const known = isRefusal(error) || (error instanceof Error && 'syscall' in error);
    if (!known) throw error;
    process.stderr.write(`${error.message}\n\n${usage}\n`);
    return 2;
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
