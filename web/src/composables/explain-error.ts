import { ApiError, errorCatalogue, isErrorCode } from '@qej/contract';
import { isRefusal } from '../api/refusal.ts';
import type { Bilingual } from '../api/views.ts';
import type { KeyringErrorCode } from '../keyring/protocol.ts';
import type { MessageKey } from '../i18n/index.ts';
import type { Translate } from './use-t.ts';

export interface Explanation {
  readonly code: string;
  readonly what: string;
  readonly meaning: string;
  readonly mend: string;
  readonly reference?: string;
  readonly issues: readonly { readonly path: string; readonly message: string }[];
}

type Texts = { readonly what: MessageKey; readonly meaning: MessageKey; readonly mend: MessageKey };
const keyring = (what: MessageKey, mend: MessageKey = 'common.keyringMend'): Texts => ({
  what,
  meaning: 'common.keyringMeaning',
  mend,
});
const ofKeyring: Readonly<Record<KeyringErrorCode, Texts>> = {
  E_KEYRING_BLOCKED: keyring('common.keyringBlocked', 'common.keyringBlockedMend'),
  E_KEYRING_CLOSED: keyring('common.keyringClosed'),
  E_KEYRING_REFUSED: keyring('common.keyringRefused'),
  E_KEYRING_SILENT: keyring('common.keyringSilent'),
  E_KEYRING_BUSY: keyring('common.keyringBusy', 'common.keyringBusyMend'),
  E_KEYRING_REQUEST: keyring('common.keyringFailed', 'common.errorUnknownMend'),
  E_KEYRING_IDENTITY: keyring('common.keyringIdentity', 'common.keyringIdentityMend'),
  E_KEYRING_FAILED: keyring('common.keyringFailed', 'common.errorUnknownMend'),
};
/** Refusals that arise in the browser. */
const local: Readonly<Record<string, Texts>> = {
  ...ofKeyring,
  E_PASSKEY_CANCELLED: {
    what: 'identity.passkeyCancelled',
    meaning: 'identity.passkeyCancelledMeaning',
    mend: 'identity.passkeyCancelledMend',
  },
};
const network: Texts = {
  what: 'common.errorNetwork',
  meaning: 'common.errorNetworkMeaning',
  mend: 'common.errorNetworkMend',
};
const unknown: Texts = {
  what: 'common.errorUnknown',
  meaning: 'common.errorUnknownMeaning',
  mend: 'common.errorUnknownMend',
};

const worded = (code: string, texts: Texts, t: Translate, what?: string): Explanation => ({
  code,
  what: what ?? t(texts.what),
  meaning: t(texts.meaning),
  mend: t(texts.mend),
  issues: [],
});

function explainApi(error: ApiError, t: Translate, pick: (text: Bilingual) => string): Explanation {
  const { code, reference, issues, title } = error.problem;
  const known = isErrorCode(code) ? errorCatalogue[code] : undefined;
  return {
    code,
    what: known === undefined ? title : pick(known.title),
    meaning: t('common.errorNothingDone'),
    mend: known === undefined ? t('common.errorUnknownMend') : pick(known.mend),
    ...(reference === undefined ? {} : { reference }),
    issues: issues ?? [],
  };
}

/** Words for any failure: what happened, what it means for the person, what to do. */
export function explainError(error: unknown, t: Translate, pick: (text: Bilingual) => string): Explanation {
  if (error instanceof ApiError) return explainApi(error, t, pick);
  if (isRefusal(error)) {
    const texts = local[error.code];
    if (texts !== undefined) return worded(error.code, texts, t);
    const known = isErrorCode(error.code) ? errorCatalogue[error.code] : undefined;
    if (known !== undefined)
      return {
        ...worded(error.code, unknown, t, pick(known.title)),
        meaning: t('common.errorNothingDone'),
        mend: pick(known.mend),
      };
    return worded(error.code, keyring('common.keyringFailed'), t);
  }
  // fetch() reports every failure to reach the server as a TypeError.
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message))
    return worded('E_NETWORK', network, t);
  return worded(error instanceof Error ? error.name : 'E_UNKNOWN', unknown, t);
}
