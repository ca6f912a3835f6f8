import { DomainError, formatInstant, newId, plusMs, toBase64Url, toHex, utf8 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { verifyToken } from '@qej/pki';
import type { SpentTokenRecord } from '../records.ts';
import { refusalCode } from '../refusal-code.ts';
import type { IntakePorts } from './ports.ts';

/** Objects that one token lets in: 1 GiB. */
export const SESSION_QUOTA = 1024;
const SESSION_MS = 24 * 3_600_000;

const hashOf = async (text: string): Promise<string> =>
  toHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', utf8(text))));

async function spendIdOf({ tokenKey }: IntakePorts, token: Uint8Array): Promise<string> {
  try {
    return toHex(await verifyToken(tokenKey, token));
  } catch (cause) {
    const detail = refusalCode(cause);
    if (detail === undefined) throw cause;
    throw new DomainError('E_TOKEN', { detail, cause });
  }
}

export interface OpenedSession {
  readonly session: string;
  readonly quotaObjects: number;
  readonly expiresAt: string;
}

/** One token, one session; nothing links it to the account that got the token. @throws DomainError `E_TOKEN`, `E_TOKEN_SPENT` */
export async function openUploadSession(ports: IntakePorts, token: Uint8Array, now: Instant): Promise<OpenedSession> {
  const tokenHash = await spendIdOf(ports, token);
  const session = toBase64Url(globalThis.crypto.getRandomValues(new Uint8Array(32)));
  const sessionHash = await hashOf(session);
  const expiresAt = plusMs(now, SESSION_MS);
  await ports.db.transaction('intake:session', async (tx) => {
    if ((await tx.spentTokens.find({ tokenHash })) !== undefined) throw new DomainError('E_TOKEN_SPENT');
    await tx.spentTokens.insert({ id: newId(), tokenHash, sessionHash, quota: SESSION_QUOTA, used: 0, expiresAt });
  });
  return { session, quotaObjects: SESSION_QUOTA, expiresAt: formatInstant(expiresAt) };
}

/** @throws DomainError `E_SESSION` for an unknown or expired one. */
export async function requireSession({ db }: IntakePorts, session: string, now: Instant): Promise<SpentTokenRecord> {
  const sessionHash = await hashOf(session);
  const row = await db.read((tx) => tx.spentTokens.find({ sessionHash }));
  if (row === undefined || row.expiresAt <= now) throw new DomainError('E_SESSION');
  return row;
}

/** Takes one unit before the bytes are written: a crash between costs a unit, never more than the quota. @throws DomainError `E_QUOTA` */
export async function takeQuota({ db }: IntakePorts, { id }: SpentTokenRecord): Promise<void> {
  await db.transaction('intake:quota', async (tx) => {
    const row = await tx.spentTokens.lock({ id });
    if (row.used >= row.quota) throw new DomainError('E_QUOTA', { params: { quota: row.quota } });
    row.used += 1;
  });
}
