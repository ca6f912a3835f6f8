import { DomainError } from '@qej/kernel';
import type { Clock } from '@qej/kernel';
import type { GuaranteeState } from '@qej/guarantees';
import type { Handlers } from '../handlers.ts';
import type { GuarantorDirectory } from './guarantor-directory.ts';
import { viewOrderState } from './order-view.ts';
import type { DepositPorts, VerifiedStatement } from './ports.ts';

type StatusClass = 'in-force' | 'released' | 'expired' | 'demanded';
const statusClass = (state: GuaranteeState): StatusClass => {
  if (state === 'released' || state === 'expired') return state;
  return state.startsWith('demand') ? 'demanded' : 'in-force';
};

/** Basis points as per mille with one decimal: 10 → "1.0". */
const perMille = (basisPoints: number): string => `${Math.floor(basisPoints / 10)}.${basisPoints % 10}`;

function viewStatement(guarantorId: string, statement: VerifiedStatement) {
  return {
    guarantorId,
    name: { ...statement.name },
    standIn: statement.standIn,
    encryptionPoint: statement.encryptionPoint,
    statement: statement.signed.message,
    signature: statement.signed.signature,
    premiumPerMille: perMille(statement.premiumBasisPoints),
    premiumMinimum: statement.premiumMinimum,
    typicalMs: statement.typicalMs,
  };
}

const TRIES = 30;
const TRIES_WITHIN_MS = 60_000;

/** So many tries a minute for one number: codes cannot be guessed through the platform. */
function makeLimiter(clock: Clock): (key: string) => void {
  const seen = new Map<string, number[]>();
  return (limited) => {
    const now = clock.now();
    for (const [other, times] of seen) if ((times.at(-1) ?? 0) <= now - TRIES_WITHIN_MS) seen.delete(other);
    const recent = (seen.get(limited) ?? []).filter((at) => at > now - TRIES_WITHIN_MS);
    if (recent.length >= TRIES) throw new DomainError('E_RATE_LIMIT');
    seen.set(limited, [...recent, now]);
  };
}

type Names = 'listGuarantors' | 'verifyGuarantee' | 'listGuarantorOrders';

/** Guarantors in public, and what one of them may see of its own orders here. */
export function makeGuarantorHandlers(ports: DepositPorts, directory: GuarantorDirectory): Handlers<Names> {
  const { db, guarantors } = ports;
  const limit = makeLimiter(ports.clock);
  const known = async (): Promise<(readonly [string, VerifiedStatement])[]> => {
    const found: (readonly [string, VerifiedStatement])[] = [];
    for (const guarantor of guarantors) {
      const statement = await directory.statementOf(guarantor).catch((error: unknown) => {
        if (error instanceof DomainError) return undefined; // never reached so far: not offered yet
        throw error;
      });
      if (statement !== undefined) found.push([guarantor.guarantorId, statement]);
    }
    return found;
  };
  return {
    listGuarantors: async () => ({ items: (await known()).map(([id, statement]) => viewStatement(id, statement)) }),
    verifyGuarantee: async ({ body }) => {
      limit(body.number);
      for (const guarantor of guarantors) {
        const { isGenuine, state, validTo } = await guarantor.verify(body);
        if (!isGenuine) continue;
        const { party } = await directory.statementOf(guarantor);
        return {
          genuine: true,
          guarantor: party.name,
          ...(state === null ? {} : { statusClass: statusClass(state) }),
          ...(validTo === null ? {} : { validTo }),
        };
      }
      return { genuine: false };
    },
    listGuarantorOrders: async (_input, { caller }) => {
      const { uscc } = await db.read((tx) => tx.organizations.get({ id: caller.organizationId }));
      const own = guarantors.find(({ guarantorId }) => guarantorId === uscc);
      if (own === undefined) throw new DomainError('E_NOT_FOUND');
      const rows = await db.read((tx) =>
        tx.guaranteeOrders.list({ guarantorId: uscc }, { orderBy: { submittedAt: 'desc' }, limit: 100 }),
      );
      return { items: rows.map(viewOrderState), deskUrl: (await directory.statementOf(own)).deskUrl };
    },
  };
}
