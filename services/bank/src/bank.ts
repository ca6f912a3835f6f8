import type { Clock } from '@qej/kernel';
import { canonicalBytes } from '@qej/kernel';
import type { GuaranteeParty, GuarantorStatement } from '@qej/guarantees';
import { encodeBankMessage, qingdaoTariff } from '@qej/guarantees';
import type { BankMessageType, NewBankMessage } from '@qej/guarantees';
import { formatMoney } from '@qej/kernel';
import { getPurpose, signCms } from '@qej/pki';
import type { Purpose } from '@qej/pki';
import type { BankDatabase } from './bank-database.ts';
import type { BankKeys } from './bank-keys.ts';
import type { BankTrust } from './bank-trust.ts';

export interface BankLog {
  /** Never gets a code, a sum or a name. */
  (line: string): void;
}

/** Everything the parts of the bank share. */
export interface Bank {
  readonly db: BankDatabase;
  readonly keys: BankKeys;
  readonly trust: BankTrust;
  readonly clock: Clock;
  readonly log: BankLog;
  readonly platform: string;
  readonly url: string;
  readonly isAutomatic: boolean;
  readonly party: GuaranteeParty;
  /** 统一社会信用代码 of the seal: also the guarantor's id at the platform. */
  readonly guarantorId: string;
  /** Looks at once for what is to be done. */
  wake(): void;
}

export const signBytes = (bank: Pick<Bank, 'keys'>, purpose: Purpose, content: Uint8Array): Promise<Uint8Array> =>
  signCms({ content, detached: true, eContentType: getPurpose(purpose).eContentType, signer: bank.keys.seal });

/** A message of the bank with its signature. */
export async function signMessage<T extends BankMessageType>(
  bank: Bank,
  message: Omit<NewBankMessage<T>, 'guarantorId' | 'at'>,
): Promise<{ readonly message: Uint8Array; readonly signature: Uint8Array }> {
  // The spread of an Omit of a generic is not seen to be the whole again.
  const whole = { ...message, guarantorId: bank.guarantorId, at: bank.clock.now() } as NewBankMessage<T>;
  const bytes = encodeBankMessage(whole);
  return { message: bytes, signature: await signBytes(bank, 'qej-bank-message/1', bytes) };
}

export const BANK_NAME_EN = 'Qingdao Huanghai Model Bank (reference bank, stand-in)';
/** A clerk needs minutes; the machine a second. */
const TYPICAL_MS = { automatic: 5_000, byHand: 600_000 } as const;

/** 保函机构声明: which point applications are sealed to, and at what price. */
export const statementOf = (bank: Bank): GuarantorStatement => ({
  name: { zh: bank.party.name, en: BANK_NAME_EN },
  party: bank.party,
  standIn: true,
  encryptionPoint: Buffer.from(bank.keys.encryptionPoint).toString('base64'),
  premiumBasisPoints: qingdaoTariff.rateBasisPoints,
  premiumMinimum: formatMoney(qingdaoTariff.minimum),
  typicalMs: bank.isAutomatic ? TYPICAL_MS.automatic : TYPICAL_MS.byHand,
  deskUrl: `${bank.url}/desk`,
});

/** Canonical JSON as text, as the books keep it. */
export const canonicalText = (value: unknown): string => Buffer.from(canonicalBytes(value)).toString('utf8');
