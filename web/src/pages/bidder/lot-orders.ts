import type { Applicant, GuaranteeOrder, PendingGuarantee, WalletOrder } from '@qej/client';
import { decodeGuaranteeDocument } from '@qej/guarantees';
import { DomainError, fromBase64, fromHex, Secret, toBase64 } from '@qej/kernel';
import type { ApiClient } from '../../api/client.ts';
import type { useSigner } from '../../composables/use-signer.ts';
import { readBoundCertificates } from './use-bidder.ts';

/** An order as kept here, and as the platform relays it. */
export interface LotOrder {
  readonly kept: WalletOrder;
  readonly order: GuaranteeOrder;
}
const applicationTitle = { zh: '申请投标保函', en: 'Apply for a bid guarantee' };
const readTitle = { zh: '读取担保机构发来的密封信件', en: 'Read the sealed letter of the guarantor' };

/** An order that was kept and never arrived is no order. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof DomainError && error.code === 'E_NOT_FOUND') return undefined;
  throw error;
}

export async function readLotOrders(api: ApiClient, kept: readonly WalletOrder[]): Promise<readonly LotOrder[]> {
  const seen = await Promise.all(
    kept.map(async (order): Promise<LotOrder | undefined> => {
      const answer = await api.getGuaranteeOrder({ params: { orderId: order.orderId } }).catch(unlessMissing);
      return answer === undefined ? undefined : { kept: order, order: answer };
    }),
  );
  return seen.filter((one) => one !== undefined);
}

/** The bidder towards a guarantor; its keys stay in the keyring window. */
export async function readApplicant(
  api: ApiClient,
  signer: ReturnType<typeof useSigner>,
  of: { readonly organizationId: string; readonly address: string },
): Promise<Applicant> {
  const { sign, encrypt } = await readBoundCertificates(api);
  const { organization = '', uscc = '' } = sign.subject;
  return {
    ...of,
    party: { name: organization, uscc },
    encryptionCertificate: encrypt.der,
    decrypter: {
      // HPKE of 32 bytes is a message of 32 bytes: the keyring opens both alike.
      unwrap: (wrapped, info) => signer.decrypt(toBase64(wrapped), new Uint8Array(info), readTitle),
    },
    sign: async (purpose, bytes) => fromBase64(await signer.sign(purpose, bytes, applicationTitle)),
  };
}

export const pendingOf = ({ orderId, guarantorId, k, application }: WalletOrder): PendingGuarantee => ({
  orderId,
  guarantorId,
  k: new Secret<Uint8Array>(fromHex(k)),
  application: decodeGuaranteeDocument('application', fromBase64(application)),
});
