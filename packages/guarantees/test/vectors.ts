import { fromUtf8, toHex } from '@qej/kernel';
import type { Undertaking, UndertakingApplication } from '../src/index.ts';
import {
  encodeGuaranteeDocument,
  guaranteeCommitment,
  guaranteeTemplates,
  templateIds,
  templateSha256,
} from '../src/index.ts';

const LOT = '4'.repeat(32);
const BIDDER = '5'.repeat(32);
const K = Uint8Array.from({ length: 32 }, (_, index) => index);

const applicant = { name: '青岛某公司', uscc: '91350100M000100Y43' };
const templateId = 'independent-bid-guarantee/1';
const applicationId = '6'.repeat(32);

const applicationOf = (commitment: string): UndertakingApplication => ({
  v: 1,
  applicationId,
  commitment,
  applicant,
  amount: '40000.00',
  currency: 'CNY',
  validTo: '2027-04-30T15:59:59.999Z',
  templateId,
  requestedAt: '2026-12-17T01:00:00.000Z',
});

const undertakingOf = (commitment: string, textHash: string): Undertaking => ({
  v: 1,
  guaranteeNo: 'BG20261218000001',
  applicationId,
  commitment,
  applicant,
  beneficiary: null,
  guarantor: { name: '示范银行', uscc: '91350100M000100Y43' },
  amount: '40000.00',
  currency: 'CNY',
  issuedAt: '2026-12-18T01:00:00.000Z',
  validFrom: '2026-12-18T01:00:00.000Z',
  validTo: '2027-04-30T15:59:59.999Z',
  templateId,
  templateSha256: textHash,
  applicableRules: 'NONE',
  premium: '100.00',
});

/** A commitment, the hashes of the known texts, an application and an undertaking. */
export async function guaranteeVectors() {
  const c = await guaranteeCommitment(LOT, BIDDER, K);
  const textHash = await templateSha256(guaranteeTemplates[templateId]);
  const templates = await Promise.all(
    templateIds.map(async (id) => [id, await templateSha256(guaranteeTemplates[id])] as const),
  );
  return {
    commitment: { lotId: LOT, bidderId: BIDDER, k: toHex(K), c },
    templates: Object.fromEntries(templates),
    application: fromUtf8(encodeGuaranteeDocument('application', applicationOf(c))),
    undertaking: fromUtf8(encodeGuaranteeDocument('undertaking', undertakingOf(c, textHash))),
  };
}
