import { plusMs, Secret } from '@qej/kernel';
import { verifyTotp } from '@qej/identity';
import { createHash, randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { Bank } from './bank.ts';
import { sameSecret } from './underwriting.ts';

const COOKIE = 'qej_bank_desk';
const SESSION_MS = 8 * 3_600_000;
const TRIES = 5;
const TRIES_WITHIN_MS = 60_000;
const hash = (token: string): string => createHash('sha256').update(token).digest('hex');

export interface DeskSession {
  readonly csrf: string;
}

const setting = (bank: Bank, name: string): string | undefined =>
  bank.db.sql.prepare<[string], { value: string }>('select value from settings where name = ?').get(name)?.value;
const remember = (bank: Bank, name: string, value: string): void =>
  void bank.db.sql.prepare('insert or replace into settings values (?, ?)').run(name, value);

/** Guessing is slowed down: five tries a minute for everybody together. */
function takeTry(bank: Bank): boolean {
  const now = bank.clock.now();
  const tries = (setting(bank, 'log-in-tries') ?? '').split(',').filter((at) => Number(at) > now - TRIES_WITHIN_MS);
  if (tries.length >= TRIES) return false;
  remember(bank, 'log-in-tries', [...tries, now].join(','));
  return true;
}

/** Password and one-time code; a code is good once. */
export function logIn(
  bank: Bank,
  ctx: Context,
  given: { readonly username: string; readonly password: string; readonly code: string },
): 'in' | 'wrong' | 'slow' {
  if (!takeTry(bank)) return 'slow';
  const { clerk } = bank.keys;
  const known = sameSecret(given.username, clerk.username) && sameSecret(given.password, clerk.password);
  const now = bank.clock.now();
  const last = setting(bank, 'totp-step');
  const step = verifyTotp(new Secret(clerk.totpSecret), given.code, last === undefined ? null : Number(last), now);
  if (!known || step === undefined) return 'wrong';
  remember(bank, 'totp-step', String(step));
  remember(bank, 'log-in-tries', '');
  const token = randomBytes(32).toString('base64url');
  bank.db.sql
    .prepare('insert into sessions values (?, ?, ?)')
    .run(hash(token), randomBytes(16).toString('hex'), plusMs(now, SESSION_MS));
  ctx.cookies.set(COOKIE, token, { httpOnly: true, sameSite: 'strict', path: '/desk', overwrite: true });
  return 'in';
}

export function findDeskSession(bank: Bank, ctx: Context): DeskSession | undefined {
  const token = ctx.cookies.get(COOKIE);
  if (token === undefined) return undefined;
  return bank.db.sql
    .prepare<[string, number], DeskSession>('select csrf from sessions where token_sha256 = ? and expires_at > ?')
    .get(hash(token), bank.clock.now());
}

export function logOut(bank: Bank, ctx: Context): void {
  const token = ctx.cookies.get(COOKIE);
  if (token !== undefined) bank.db.sql.prepare('delete from sessions where token_sha256 = ?').run(hash(token));
  ctx.cookies.set(COOKIE, '', { httpOnly: true, sameSite: 'strict', path: '/desk', overwrite: true, maxAge: 0 });
}
