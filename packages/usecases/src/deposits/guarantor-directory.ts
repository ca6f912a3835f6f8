import { DomainError, fromBase64, toBase64 } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import type { DepositPorts, Guarantor, VerifiedStatement } from './ports.ts';

const key = (guarantorId: string): string => `guarantor:${guarantorId}`;
const REFRESH_MS = 60_000;

interface StoredStatement {
  readonly statement: Omit<VerifiedStatement, 'sealCertificate'>;
  readonly sealCertificate: string;
}

/** Statements as they were verified last; kept in the database, so that an outage hides no guarantor and no seal. */
export interface GuarantorDirectory {
  /** The kept one, or the guarantor's own. @throws DomainError `E_UNAVAILABLE` when it was never reached */
  statementOf(guarantor: Guarantor): Promise<VerifiedStatement>;
  /** Asks every guarantor again; one that does not answer keeps its last statement. */
  refresh(now: Instant): Promise<number>;
}

export function makeGuarantorDirectory({
  db,
  guarantors,
}: Pick<DepositPorts, 'db' | 'guarantors'>): GuarantorDirectory {
  const fetchOne = async (guarantor: Guarantor): Promise<VerifiedStatement> => {
    const statement = await guarantor.statement();
    const { sealCertificate, ...rest } = statement;
    const stored: StoredStatement = { statement: rest, sealCertificate: toBase64(sealCertificate) };
    const value = JSON.parse(JSON.stringify(stored)) as Json;
    await db.transaction('deposits:statement', async (tx) => {
      const row = await tx.settings.find({ id: key(guarantor.guarantorId) });
      if (row === undefined) await tx.settings.insert({ id: key(guarantor.guarantorId), value });
      else row.value = value;
    });
    return statement;
  };
  return {
    statementOf: async (guarantor) => {
      const row = await db.read((tx) => tx.settings.find({ id: key(guarantor.guarantorId) }));
      if (row === undefined) return fetchOne(guarantor);
      const stored = row.value as unknown as StoredStatement; // written above alone
      return { ...stored.statement, sealCertificate: fromBase64(stored.sealCertificate) };
    },
    refresh: async () => {
      let missing = 0;
      for (const guarantor of guarantors) {
        await fetchOne(guarantor).catch((error: unknown) => {
          if (!(error instanceof DomainError)) throw error;
          missing += 1;
        });
      }
      return missing > 0 ? REFRESH_MS / 20 : REFRESH_MS;
    },
  };
}
