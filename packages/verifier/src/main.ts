import { DomainError } from '@qej/kernel';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
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

async function verifyOne(file: string, { policy, at, json, extract: directory }: VerifyOptions): Promise<boolean> {
  const bytes = new Uint8Array(readFileSync(file));
  const verdict = await verifyFile(bytes, policy, at);
  const text = json
    ? `${JSON.stringify({ file: basename(file), ...verdict })}\n`
    : printVerdict(file, verdict, policy.witnesses.length);
  process.stdout.write(text);
  if (directory !== undefined && isArchive(bytes)) extract(bytes, directory);
  return verdict.ok;
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
    const known = error instanceof DomainError || (error instanceof Error && 'syscall' in error);
    if (!known) throw error;
    process.stderr.write(`${error.message}\n\n${usage}\n`);
    return 2;
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
