import { depositsErrorCodes } from '@qej/deposits';
import { evaluationErrorCodes } from '@qej/evaluation';
import { evidenceErrorCodes } from '@qej/evidence';
import { guaranteesErrorCodes } from '@qej/guarantees';
import { identityErrorCodes } from '@qej/identity';
import { pkiErrorCodes } from '@qej/pki';
import { roomErrorCodes } from '@qej/rooms';
import { sealedBidErrorCodes } from '@qej/sealed-bid';
import { tenderingErrorCodes } from '@qej/tendering';
import { errorCatalogue, isErrorCode } from './errors.ts';
import type { ErrorText } from './errors.ts';

const words = (zh: string, en: string, mendZh: string, mendEn: string): ErrorText => ({
  status: 422,
  title: { zh, en },
  mend: { zh: mendZh, en: mendEn },
});

/** Each domain lists its own codes; a code without a row of its own takes its domain's words, and keeps its detail. */
const domains: readonly { readonly codes: readonly string[]; readonly text: ErrorText }[] = [
  {
    codes: tenderingErrorCodes,
    text: words(
      '招标程序不允许',
      'The procedure does not allow it',
      '请查看当前阶段和时间',
      'Look at the stage and the clock',
    ),
  },
  {
    codes: evaluationErrorCodes,
    text: words('评标规则不允许', 'The evaluation rules do not allow it', '请按提示修改', 'Mend what is named'),
  },
  {
    codes: depositsErrorCodes,
    text: words(
      '保证金规则不允许',
      'The deposit rules do not allow it',
      '请核对保证金要求',
      'Compare with the deposit rule',
    ),
  },
  {
    codes: guaranteesErrorCodes,
    text: words('保函内容或状态不符', 'The guarantee does not fit', '请联系担保机构', 'Ask the guarantor'),
  },
  {
    codes: identityErrorCodes,
    text: words('身份或授权不符', 'Identity or authority does not fit', '请核对身份与授权', 'Check role and authority'),
  },
  {
    codes: roomErrorCodes,
    text: words('评标室不允许', 'The room does not allow it', '请重新进入评标室', 'Join the room again'),
  },
  {
    codes: sealedBidErrorCodes,
    text: words(
      '密封投标文件未通过检查',
      'The sealed bid does not pass a check',
      '请重新封标；开标后依证据认定责任',
      'Seal again; after the opening fault is decided on evidence',
    ),
  },
  {
    codes: evidenceErrorCodes,
    text: words(
      '存证未通过核验',
      'The evidence does not verify',
      '请联系平台并保留文件',
      'Tell the platform and keep the file',
    ),
  },
  {
    codes: pkiErrorCodes,
    text: words(
      '证书或签名未通过核验',
      'Certificate or signature does not verify',
      '请检查证书是否有效、用途是否正确',
      'Check validity and purpose of the certificate',
    ),
  },
];

const textOfCode: ReadonlyMap<string, ErrorText> = new Map(
  domains.flatMap(({ codes, text }) => codes.map((code): [string, ErrorText] => [code, text])),
);

/** Status and words of a refusal; undefined for what is no refusal of ours. */
export const errorTextOf = (code: string): ErrorText | undefined =>
  isErrorCode(code) ? errorCatalogue[code] : textOfCode.get(code);
