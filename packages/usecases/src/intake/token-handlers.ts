import { DomainError, formatInstant, fromBase64, instant, newId, plusMs, toBase64, toHex } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Handlers } from '../handlers.ts';
import { appendEntry } from '../log/index.ts';
import type { Transaction } from '../ports.ts';
import type { TokenPorts } from './ports.ts';

/** For every account the same, used or not: the number tells nothing. */
export const TOKENS_PER_WEEK = 8;
/** Every wallet has this many bytes, empty or full. */
export const WALLET_LENGTH = 65_536;
const WEEK_MS = 7 * 86_400_000;
/** 1970-01-05, a Monday. */
const FIRST_MONDAY_MS = 4 * 86_400_000;

const weekStart = (now: Instant): Instant =>
  instant(Math.floor((now - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS);

/** SHA-256 of the issuer's SubjectPublicKeyInfo, hex: what a token names. */
export async function tokenKeyId(spki: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(spki))));
}

/** The key stands in the log once: everybody blinds for the same one, so nobody is marked by a key of its own. */
export async function publishTokenKey({ db, issuer }: TokenPorts, now: Instant): Promise<void> {
  const keyId = await tokenKeyId(issuer.publicKey);
  const dedupe = `token-key:${keyId}`;
  if ((await db.read((tx) => tx.logEntries.find({ dedupe }))) !== undefined) return;
  await db.transaction('intake:token-key', (tx) =>
    appendEntry(tx, { type: 'token-key', at: now, members: { keyId, spki: toBase64(issuer.publicKey) }, dedupe }),
  );
}

/** The user's row is held: two requests at once cannot take more than the week's number. */
async function grant(tx: Transaction, userId: string, week: string, count: number): Promise<number> {
  await tx.users.lock({ id: userId });
  const row =
    (await tx.tokenGrants.find({ userId, week })) ??
    (await tx.tokenGrants.insert({ id: newId(), userId, week, issued: 0 }));
  if (row.issued + count > TOKENS_PER_WEEK)
    throw new DomainError('E_TOKEN_QUOTA', { params: { left: TOKENS_PER_WEEK - row.issued } });
  row.issued += count;
  return TOKENS_PER_WEEK - row.issued;
}

async function saveWallet(tx: Transaction, userId: string, blob: string, now: Instant): Promise<void> {
  await tx.users.lock({ id: userId });
  const row = await tx.wallets.find({ userId });
  if (row === undefined) await tx.wallets.insert({ id: newId(), userId, blob, updatedAt: now });
  else {
    row.blob = blob;
    row.updatedAt = now;
  }
}

/** Upload tokens and wallets: on the account side, told apart from the intake by blindness. */
export function makeTokenHandlers(
  ports: TokenPorts,
): Handlers<'issueTokens' | 'getTokenKey' | 'getWallet' | 'putWallet'> {
  const { db, issuer } = ports;
  const keyId = tokenKeyId(issuer.publicKey);
  return {
    issueTokens: async ({ body }, { caller, now }) => {
      const signatures = body.blinded.map((blinded) => toBase64(issuer.sign(fromBase64(blinded))));
      const start = weekStart(now);
      const week = formatInstant(start).slice(0, 10);
      const left = await db.transaction('intake:issue-tokens', (tx) =>
        grant(tx, caller.userId, week, signatures.length),
      );
      return { keyId: await keyId, signatures, left, renewsAt: formatInstant(plusMs(start, WEEK_MS)) };
    },
    getTokenKey: async () => ({
      keyId: await keyId,
      spki: toBase64(issuer.publicKey),
      perWeek: TOKENS_PER_WEEK,
    }),
    getWallet: async (_input, { caller }) => {
      const row = await db.read((tx) => tx.wallets.find({ userId: caller.userId }));
      return row === undefined ? {} : { blob: row.blob };
    },
    putWallet: async ({ body }, { caller, now }) => {
      const { length } = fromBase64(body.blob);
      if (length !== WALLET_LENGTH) throw new DomainError('E_WALLET_SIZE', { params: { bytes: WALLET_LENGTH } });
      await db.transaction('intake:wallet', (tx) => saveWallet(tx, caller.userId, body.blob, now));
      return { ok: true as const };
    },
  };
}
