import { roleNames } from '@qej/identity';
import type { Role } from '@qej/identity';
import { join } from 'node:path';
import type { RunningPlatform } from './start-platform.ts';

/** One of each role, two bidders and experts more: the whole list is in demo-logins.json. */
const SHOWN = [
  'agency',
  'tenderee',
  'bidder-1',
  'bidder-2',
  'bidder-3',
  'expert-1',
  'supervisor',
  'witness',
  'bank-clerk',
  'operator',
];

/** Wide characters take two columns in a terminal. */
const columns = (text: string): number =>
  Array.from(text).reduce((sum, character) => sum + (character.charCodeAt(0) > 0x2e7f ? 2 : 1), 0);
const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(1, width - columns(text)));

/** What the person who ran `./qej up` reads: addresses, stand-ins, log-ins. */
export function announcement({ facts, logins, bank }: RunningPlatform, dataDirectory: string): string {
  const rows = logins
    .filter(({ key }) => SHOWN.includes(key))
    .map(({ key, name, role, p12, passphrase, totp }) => {
      const label = roleNames[role as Role];
      return `  ${pad(`${label.zh} ${label.en}`, 26)}${pad(`${name} (${key})`, 24)}${pad(passphrase, 18)}${join(dataDirectory, p12)}${totp === undefined ? '' : `  TOTP ${totp}`}`;
    });
  return [
    '',
    `青e见 QingEJian    ${facts.origin}`,
    `密钥页 keyring     ${facts.keyringOrigin}`,
    `接收端 intake      ${facts.intakeOrigin}`,
    `示范银行 bank      ${bank.url}（柜员登录 clerk: ${join(dataDirectory, 'bank/clerk.json')}）`,
    `数据库 database    ${facts.databaseName}`,
    '',
    '演示替身 stand-ins: 示范银行 bank, 沙箱支付 payment, 发件箱 outbox, 本地证书机构与时间戳 local CA and TSA, 见证 witness, 信用事实文件 credit facts.',
    '见证、密钥持有人与银行是本机的独立进程，同一运营者运行，并不独立。Witness, holders and bank are processes of their own, run by the same operator: not independent.',
    '',
    '演示登录（证书文件与口令；全部见 demo-logins.json）Demo log-ins (certificate file and passphrase; all of them in demo-logins.json):',
    ...rows,
    '',
    '停止：Ctrl+C。 Stop: Ctrl+C.',
  ].join('\n');
}
