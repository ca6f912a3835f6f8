import { execFileSync } from 'node:child_process';
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const MEBIBYTE = 1024 * 1024;

const run = (program: string, args: readonly string[]): void => void execFileSync(program, args, { stdio: 'pipe' });

/** Other people's tools on the same file, keys made here. */
export interface Peers {
  /** age to three recipients, then the SHA-256 of what it wrote. */
  ageSeal(): void;
  ageOpen(): void;
  /** AES-256-GCM to three RSA-3072 certificates, made once by {@link newPeers}. */
  cmsOpen(): void;
}

export function newPeers(folder: string, plain: string): Peers {
  const at = (name: string): string => join(folder, name);
  const recipients = [0, 1, 2].flatMap((i) => {
    run('age-keygen', ['-o', at(`age-${i}`)]);
    return ['-r', execFileSync('age-keygen', ['-y', at(`age-${i}`)], { encoding: 'utf8' }).trim()];
  });
  const certificates = [0, 1, 2].map((i) => {
    const subject = ['-subj', `/CN=${i}`, '-days', '2'];
    const key = ['-newkey', 'rsa:3072', '-nodes', '-keyout', at(`cms-${i}.key`)];
    run('openssl', ['req', '-x509', ...key, ...subject, '-out', at(`cms-${i}.crt`)]);
    return at(`cms-${i}.crt`);
  });
  const cms = ['-encrypt', '-binary', '-outform', 'DER', '-aes-256-gcm', '-stream'];
  run('openssl', ['cms', ...cms, '-in', plain, '-out', at('cms'), ...certificates]);
  const decrypt = ['-decrypt', '-inform', 'DER', '-binary', '-inkey', at('cms-0.key'), '-recip', at('cms-0.crt')];
  return {
    ageSeal: () => {
      run('age', [...recipients, '-o', at('age.sealed'), plain]);
      run('openssl', ['dgst', '-sha256', at('age.sealed')]);
    },
    ageOpen: () => run('age', ['-d', '-i', at('age-0'), '-o', at('age.opened'), at('age.sealed')]),
    cmsOpen: () => run('openssl', ['cms', ...decrypt, '-in', at('cms'), '-out', at('cms.opened')]),
  };
}

/** The passes that a sealing cannot do without, each alone over the whole file. */
export const passes = {
  copy(from: string, to: string): void {
    const [input, output] = [openSync(from, 'r'), openSync(to, 'w')];
    const block = Buffer.alloc(MEBIBYTE);
    for (let read = readSync(input, block); read > 0; read = readSync(input, block)) writeSync(output, block, 0, read);
    closeSync(input);
    closeSync(output);
  },
  /** One key and one cipher object for each MiB, as the container has it. */
  gcm(mebibytes: number): void {
    const [key, nonce, block] = [randomBytes(32), Buffer.alloc(12), randomBytes(MEBIBYTE)];
    for (let i = 0; i < mebibytes; i++) {
      nonce.writeUInt32BE(i);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.update(block);
      cipher.final();
      cipher.getAuthTag();
    }
  },
  sha256(mebibytes: number): void {
    const [hash, block] = [createHash('sha256'), randomBytes(MEBIBYTE)];
    for (let i = 0; i < mebibytes; i++) hash.update(block);
    hash.digest();
  },
} as const;
