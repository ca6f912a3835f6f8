import { concatBytes, utf8 } from '@qej/kernel';
import { OID, qejArc } from './oids.ts';
import { refuse } from './refuse.ts';

interface PurposeRow {
  readonly arc: number;
  readonly zh: string;
  readonly en: string;
}

/** Closed list. A number is never used twice; a changed meaning is a new version with a new number. */
const rows = {
  'qej-login/1': { arc: 1, zh: '证书登录', en: 'Log in with a certificate' },
  'qej-manifest/1': { arc: 2, zh: '投标文件清单签名', en: 'Sign the manifest of a bid' },
  'qej-acceptance/1': { arc: 3, zh: '接受开标密钥保管', en: 'Accept to hold an opening key' },
  'qej-release/1': { arc: 4, zh: '释放开标密钥', en: 'Release an opening key' },
  'qej-receipt/1': { arc: 5, zh: '投标回执', en: 'Receipt for a bid' },
  'qej-declaration/1': { arc: 6, zh: '评标专家声明与承诺', en: "Expert's declaration" },
  'qej-scores/1': { arc: 7, zh: '提交评分', en: 'Submit a score sheet' },
  'qej-pdf/1': { arc: 8, zh: '签署 PDF 文件', en: 'Sign a PDF document' },
  'qej-confirm/1': { arc: 9, zh: '确认开标记录', en: 'Confirm the opening record' },
  'qej-credit/1': { arc: 10, zh: '信用记录', en: 'Credit record' },
  'qej-mandate/1': { arc: 11, zh: '授权委托书', en: 'Mandate' },
  'qej-award/1': { arc: 12, zh: '定标与中标通知', en: 'Award' },
  'qej-notice/1': { arc: 13, zh: '发布招标公告', en: 'Publish a notice' },
  'qej-edition/1': { arc: 14, zh: '招标文件澄清与修改', en: 'Publish an edition of the tender document' },
  'qej-hand-over/1': { arc: 15, zh: '移交开标密钥', en: 'Hand over an opening key' },
  'qej-half/1': { arc: 16, zh: '投标人解密', en: "Release the bidder's half" },
  'qej-closing/1': { arc: 17, zh: '截标封存', en: 'Closing set' },
  'qej-termination/1': { arc: 18, zh: '终止招标', en: 'Terminate a tender' },
  'qej-bind/1': { arc: 19, zh: '绑定证书到账户', en: 'Bind a certificate to an account' },
  'qej-commitment/1': { arc: 20, zh: '减免保证金承诺书', en: 'Commitment for a waived deposit' },
  'qej-guarantee/1': { arc: 21, zh: '电子保函', en: 'Guarantee undertaking' },
  'qej-demand/1': { arc: 22, zh: '保函索赔', en: 'Demand under a guarantee' },
  'qej-bank-message/1': { arc: 23, zh: '银行报文', en: 'Bank message' },
  'qej-clarification/1': { arc: 24, zh: '投标文件的澄清、说明', en: 'Clarification of a bid' },
  'qej-objection/1': { arc: 25, zh: '异议', en: 'Objection' },
  'qej-report/1': { arc: 26, zh: '评标报告', en: 'Evaluation report' },
  'qej-sign-in/1': { arc: 27, zh: '签到', en: 'Sign in' },
  'qej-contract/1': { arc: 28, zh: '合同备案', en: 'Record of the contract' },
  'qej-supervision/1': { arc: 29, zh: '行政监督决定', en: "Supervisor's decision" },
  'qej-draw/1': { arc: 30, zh: '专家抽取', en: 'Draw of experts' },
  'qej-archive/1': { arc: 31, zh: '归档', en: 'Archive' },
  'qej-application/1': { arc: 32, zh: '保函申请', en: 'Application for a guarantee' },
  'qej-statement/1': { arc: 33, zh: '平台声明', en: 'Statement of the platform' },
  'qej-withdrawal/1': { arc: 34, zh: '撤回投标', en: 'Withdraw a bid' },
} as const satisfies Record<string, PurposeRow>;

export type Purpose = keyof typeof rows;

export interface PurposeInfo {
  readonly purpose: Purpose;
  /** eContentType of a CMS signature for this purpose; plain id-data for a PDF, as PAdES asks. */
  readonly eContentType: string;
  readonly zh: string;
  readonly en: string;
}

const isPurpose = (name: string): name is Purpose => Object.hasOwn(rows, name);

const info = (purpose: Purpose): PurposeInfo => {
  const { arc, zh, en } = rows[purpose];
  return { purpose, zh, en, eContentType: purpose === 'qej-pdf/1' ? OID.data : `${qejArc}.1.${arc}` };
};

/** What the keyring page shows. */
export const purposes: readonly PurposeInfo[] = Object.keys(rows).filter(isPurpose).map(info);

/** @throws DomainError `E_PURPOSE` for a name that is not on the list. */
export function getPurpose(name: string): PurposeInfo {
  return isPurpose(name) ? info(name) : refuse('E_PURPOSE', 'unknown signing purpose', { purpose: name });
}

/** @throws DomainError `E_PURPOSE` */
export function purposeOfContentType(eContentType: string): PurposeInfo {
  const found = purposes.find((candidate) => candidate.eContentType === eContentType);
  return found ?? refuse('E_PURPOSE', 'unknown content type', { purpose: eContentType });
}

/** Bytes under a plain (non-CMS) signature: purpose/version ‖ 0x00 ‖ payload. No payload can imitate another purpose. */
export function purposeBytes(purpose: Purpose, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return concatBytes(utf8(getPurpose(purpose).purpose), Uint8Array.of(0), payload);
}
