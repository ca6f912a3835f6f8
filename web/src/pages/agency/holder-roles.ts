import type { MessageKey } from '../../i18n/index.ts';

/** Who a holder of an opening key is. */
export const holderRoleKeys: Readonly<Record<string, MessageKey>> = {
  agency: 'agency.holderAgency',
  'venue-witness': 'agency.holderWitness',
  escrow: 'agency.holderEscrow',
  notary: 'agency.holderNotary',
};
