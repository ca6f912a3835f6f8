import { DomainError } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import type { FaultParty } from '@qej/tendering';
import { refusalCode } from '../refusal-code.ts';

/** Parties as a person reads them; `holder` is the office's own key holder. */
export type NamedParty = FaultParty | 'holder';

/** Kept with a bid that could not be opened; a supervisor confirms it. */
export interface BidFault {
  readonly party: NamedParty;
  readonly code: string;
  readonly text: { readonly zh: string; readonly en: string };
  readonly confirmedBySupervisor: boolean;
  /** Where it happened: stage, file, chunk. Never content. */
  readonly evidence: Json;
}

const parties: Readonly<Record<NamedParty, { readonly zh: string; readonly en: string }>> = {
  bidder: { zh: '投标人原因', en: 'caused by the bidder' },
  platform: { zh: '平台原因', en: 'caused by the platform' },
  ca: { zh: '认证机构原因', en: 'caused by the certification authority' },
  network: { zh: '网络原因', en: 'caused by the network' },
  holder: { zh: '密钥持有人原因', en: 'caused by a key holder' },
  undetermined: { zh: '原因待定', en: 'cause not determined yet' },
};

const reasons: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  HALF_MISSING: { zh: '解密时间内未提交解密份额', en: 'no half was given within the window' },
  E_OFFICE_HALF: { zh: '开标份额无法还原或与承诺不符', en: 'the office half does not open or does not fit' },
  E_BIDDER_HALF: { zh: '解密份额与承诺不符', en: 'the half does not fit its commitment' },
  E_OBJECT: { zh: '投标文件数据缺失', en: 'an object of the bid is missing' },
  E_LEAF: { zh: '密文与封标时不一致', en: 'ciphertext differs from what was sealed' },
  E_TAG: { zh: '密文认证失败', en: 'ciphertext does not authenticate' },
  E_PRICE_COMMIT: { zh: '报价与封标承诺不符', en: 'the price does not fit its commitment' },
  E_PRICE_FORMAT: { zh: '报价数据格式不正确', en: 'the price is malformed' },
  E_OWNER_UNKNOWN: {
    zh: '签名证书不属于本平台的任何单位',
    en: 'the signing certificate belongs to no organisation here',
  },
};
const other = { zh: '投标文件无法按公开格式打开', en: 'the bid does not open under the published format' };

export function makeFault(party: NamedParty, code: string, evidence: Json = {}): BidFault {
  const who = parties[party];
  const why = reasons[code] ?? other;
  const text = { zh: `${who.zh}：${why.zh}（${code}）`, en: `${why.en}, ${who.en} (${code})` };
  return { party, code, text, confirmedBySupervisor: false, evidence };
}

/** The aggregate knows no holder: what a holder spoils never costs the bidder its deposit. */
export const domainParty = (party: NamedParty): FaultParty => (party === 'holder' ? 'undetermined' : party);

const partyOf = (value: unknown): NamedParty =>
  value === 'bidder' || value === 'platform' || value === 'holder' ? value : 'undetermined';

/** Full disks and outages are not the bid's: the step is repeated. */
const TRANSIENT = new Set(['E_STORAGE_FULL', 'E_UNAVAILABLE', 'E_WITNESS_MISSING']);

/** The fault in a refusal of the container, a signature or a format. Anything else is a programmer's error and goes on. */
export function faultOf(error: unknown, fallback: NamedParty, stage: string): BidFault {
  const code = refusalCode(error);
  if (!(error instanceof DomainError) || code === undefined || TRANSIENT.has(code)) throw error;
  const { fault, ...where } = error.params;
  return makeFault(fault === undefined ? fallback : partyOf(fault), code, { stage, ...where });
}
