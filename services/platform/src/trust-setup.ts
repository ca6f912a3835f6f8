import type { Clock } from '@qej/kernel';
import { createTsa, openLocalCa, openServerSigner, publishTrust } from '@qej/trust';
import type { LocalCa, Tsa } from '@qej/trust';
import type { PlatformTrust } from '@qej/usecases';
import { join } from 'node:path';
import { demoOrganizations } from './demo-world.ts';
import { makePlatformTrust } from './platform-trust.ts';

export interface LocalTrust {
  readonly ca: LocalCa;
  readonly tsa: Tsa;
  readonly trust: PlatformTrust;
  /** PEM files that other processes read: roots, issuing authorities, revocation lists. */
  readonly publicDirectory: string;
  /** Keys and chains of the reference bank, for its own process. */
  readonly bankDirectory: string;
}

const organization = (key: string): { organization: string; uscc: string } => {
  const found = demoOrganizations.find((entry) => entry.key === key);
  if (found === undefined) throw new Error(`no organisation ${key}`);
  return { organization: found.name, uscc: found.uscc };
};

/** The local authority, the platform's seal, the stand-in TSA and the bank's seal, made once under `data/`. */
export async function openLocalTrust(
  dataDirectory: string,
  clock: Clock,
  progress: (line: string) => void,
): Promise<LocalTrust> {
  const directory = join(dataDirectory, 'ca');
  const ca = await openLocalCa({
    directory,
    clock,
    onProgress: ({ done, total }) => progress(`本地证书机构 local CA ${done}/${total}`),
  });
  const operator = organization('operator');
  const bank = organization('bank');
  const keys = join(dataDirectory, 'keys');
  const bankDirectory = join(dataDirectory, 'bank');
  const seal = await openServerSigner({
    ca,
    directory: keys,
    name: 'platform-seal',
    profile: 'platform-seal',
    subject: { country: 'CN', ...operator, commonName: '青e见平台电子印章（演示）' },
  });
  const tsaSigner = await openServerSigner({
    ca,
    directory: keys,
    name: 'tsa',
    profile: 'tsa',
    subject: { country: 'CN', ...operator, commonName: '青e见时间戳（演示替身）' },
  });
  await openServerSigner({
    ca,
    directory: bankDirectory,
    name: 'bank-seal',
    profile: 'bank-seal',
    subject: { country: 'CN', ...bank, commonName: '青岛黄海示范银行电子印章（演示）' },
  });
  const publicDirectory = join(dataDirectory, 'public-trust');
  await publishTrust(ca, publicDirectory);
  const tsa = createTsa({ signer: tsaSigner, clock });
  const tsaCertificates = [tsaSigner.certificate, ...tsaSigner.chain];
  return {
    ca,
    tsa,
    publicDirectory,
    bankDirectory,
    trust: makePlatformTrust({ ca, seal, tsa, tsaCertificates, clock }),
  };
}
