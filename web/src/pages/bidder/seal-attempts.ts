import { openUploadPass, newSealAttempt } from '@qej/client';
import type { IntakeClient, PlatformClient, SealAttempt, UploadPass, WalletSeal } from '@qej/client';
import { canonicalBytes, fromHex, toHex } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { webCryptoProvider } from '@qej/sealed-bid';
import type { SealJournal } from '@qej/sealed-bid';
import { sha256Hex } from '@qej/client';
import { bidStore } from './bid-store.ts';
import type { StoredAttempt } from './bid-store.ts';
import { priceJson } from './bid-form.ts';
import type { BidForm } from './bid-form.ts';

const SPARE_MS = 15 * 60_000;

/** Another form, another lot edition or another bid to replace is another sealing. */
export const fingerprintOf = (form: BidForm, editionHash: string, prev: string | undefined): Promise<string> =>
  sha256Hex(
    canonicalBytes({
      editionHash,
      prev: prev ?? '',
      price: priceJson(form.price),
      files: form.files.map(({ part, file }) => ({ part, name: file.name, size: file.size, at: file.lastModified })),
    }),
  );

export interface OpenAttempt {
  readonly attempt: SealAttempt;
  readonly pass: UploadPass;
}

/** The attempt that was cut off with the same input, or a new one; kept before anything leaves. */
export async function openAttempt(
  deps: { readonly platform: PlatformClient; readonly intake: IntakeClient; readonly now: Instant },
  key: string,
  { fingerprint, replaces }: { readonly fingerprint: string; readonly replaces: WalletSeal | undefined },
): Promise<OpenAttempt> {
  const stored = await bidStore.get('attempts', key);
  const isSame = stored?.fingerprint === fingerprint;
  if (stored !== undefined && !isSame) await bidStore.removeAll('journal', `${key}/`);
  const secrets = isSame ? { attempt: stored.attempt, capability: stored.capability } : undefined;
  const capability = replaces === undefined ? undefined : fromHex(replaces.capability);
  const attempt: SealAttempt =
    secrets !== undefined && stored !== undefined
      ? { secrets, opaqueId: stored.opaqueId }
      : await newSealAttempt(webCryptoProvider, capability);
  const isFresh = isSame && Date.parse(stored.sessionExpiresAt) - deps.now > SPARE_MS;
  const pass = isFresh
    ? { session: stored.session, expiresAt: stored.sessionExpiresAt }
    : await openUploadPass(deps.platform, deps.intake);
  const kept: StoredAttempt = {
    ...attempt.secrets,
    opaqueId: attempt.opaqueId,
    fingerprint,
    session: pass.session,
    sessionExpiresAt: pass.expiresAt,
  };
  await bidStore.put('attempts', key, kept);
  return { attempt, pass };
}

/** The secrets are of no use any more, and of much harm in other hands. */
export async function forgetAttempt(key: string): Promise<void> {
  await bidStore.remove('attempts', key);
  await bidStore.removeAll('journal', `${key}/`);
}

/** Hash of every object before its first byte leaves (docs/formats/sealed-bid.md, "Resuming"). */
export const journalOf = (key: string): SealJournal => ({
  get: (objectId) => bidStore.get('journal', `${key}/${objectId}`),
  put: (objectId, hash) => bidStore.put('journal', `${key}/${objectId}`, hash),
});

export const capabilityHex = ({ secrets }: SealAttempt): string => toHex(secrets.capability);
