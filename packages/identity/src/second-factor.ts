import { Secret as KernelSecret } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { Secret, TOTP } from 'otpauth';

const ISSUER = 'QingEJian';
const PERIOD_MS = 30_000;
/** RFC 6238 section 5.2: one step of tolerance either way. */
const WINDOW = 1;

const totpOf = (secret: KernelSecret<string>, label: string): TOTP =>
  new TOTP({
    issuer: ISSUER,
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_MS / 1000,
    secret: Secret.fromBase32(secret.reveal()),
  });

/** A new 160-bit secret, base32. */
export const newTotpSecret = (): KernelSecret<string> => new KernelSecret(new Secret({ size: 20 }).base32);

/** The `otpauth://` address for an authenticator app; it carries the secret. */
export const totpUri = (secret: KernelSecret<string>, label: string): KernelSecret<string> =>
  new KernelSecret(totpOf(secret, label).toString());

/** What an authenticator shows at `at`; the demo client and tests use it as a person uses an app. */
export const totpCode = (secret: KernelSecret<string>, at: Instant): string =>
  totpOf(secret, '').generate({ timestamp: at });

/**
 * Checks a code. A step is good once: give the last accepted step, store the returned one (RFC 6238 section 5.2).
 * @returns the accepted step, or undefined.
 */
export function verifyTotp(
  secret: KernelSecret<string>,
  code: string,
  lastStep: number | null,
  now: Instant,
): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const delta = totpOf(secret, '').validate({ token: code, timestamp: now, window: WINDOW });
  if (delta === null) return undefined;
  const step = Math.floor(now / PERIOD_MS) + delta;
  return lastStep !== null && step <= lastStep ? undefined : step;
}
