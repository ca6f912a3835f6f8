import { newId } from '@qej/kernel';
import { writeDurably } from '@qej/persistence';
import type { HolderEntry } from '@qej/usecases';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoLogin } from './seed-demo-world.ts';

/** A holder whose unattended tool `./qej up` starts: said to be not independent, since one operator runs them all. */
export interface DemoHolder extends HolderEntry {
  /** Key of the log-in whose certificate it signs with. */
  readonly login: string;
}

const WANTED = [
  { login: 'agency', role: 'agency', zh: '代理机构密钥持有人', en: 'Agency key holder' },
  { login: 'agency-2', role: 'agency', zh: '代理机构密钥持有人', en: 'Agency key holder' },
  { login: 'witness', role: 'venue-witness', zh: '见证中心密钥持有人', en: 'Venue witness key holder' },
  { login: 'operator', role: 'escrow', zh: '平台托管密钥持有人', en: 'Platform escrow key holder' },
] as const;

/** The demo holders, made once and kept in `holders.json`. */
export async function openDemoHolders(
  dataDirectory: string,
  logins: readonly DemoLogin[],
): Promise<readonly DemoHolder[]> {
  const file = join(dataDirectory, 'holders.json');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as DemoHolder[];
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const holders = WANTED.map(({ login, role, zh, en }): DemoHolder => {
    const owner = logins.find(({ key }) => key === login);
    if (owner === undefined) throw new Error(`no demo log-in ${login}`);
    return {
      holderId: newId(),
      role,
      name: { zh: `${owner.organization}（${zh}）`, en: `${en}, ${login}` },
      organizationId: owner.organizationId,
      independent: false,
      login,
    };
  });
  await writeDurably(file, new TextEncoder().encode(`${JSON.stringify(holders, null, 1)}\n`));
  return holders;
}
