import { makeReferenceBank } from '@qej/banking';
import { makeDepositStation } from '@qej/usecases';
import type { BasePorts, DepositStation } from '@qej/usecases';
import type { BankProcess } from './children.ts';
import { openCreditFacts } from './demo-credit-facts.ts';
import { demoOrganizations } from './demo-world.ts';
import type { LocalTrust } from './trust-setup.ts';

/** Credit facts from a file, guarantees from the reference bank: both stand-ins, both real enough to refuse. */
export async function openDeposits(deps: {
  readonly base: BasePorts;
  readonly local: LocalTrust;
  readonly bank: BankProcess;
  readonly dataDirectory: string;
}): Promise<DepositStation> {
  const { base, local, bank, dataDirectory } = deps;
  const operator = demoOrganizations.find(({ key }) => key === 'operator');
  if (operator === undefined) throw new Error('the demo world has no operator');
  const guarantor = makeReferenceBank({
    url: bank.url,
    guarantorId: bank.guarantorId,
    trust: local.trust,
    fetch: globalThis.fetch,
    clock: base.clock,
  });
  return makeDepositStation({
    ...base,
    trust: local.trust,
    guarantors: [guarantor],
    credit: await openCreditFacts(dataDirectory, { name: operator.name, uscc: operator.uscc }),
  });
}
