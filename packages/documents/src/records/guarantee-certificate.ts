import { type Instant, type Money } from '@qej/kernel';
import { heading, numbered, paragraph, title } from '../layout/blocks.ts';
import { dateOnly, dateTime } from '../layout/dates.ts';
import { finish } from '../layout/finish.ts';
import { type DocumentFrame, type RenderOptions, startFlow } from '../layout/flow.ts';
import { qrWithSeal } from '../layout/qr.ts';
import { keyValues } from '../layout/key-values.ts';
import { moneyInFigures, moneyInWords } from '../money-words.ts';
import { type TenderReference, tenderEntries, zoneOf } from './common.ts';

export interface Party {
  readonly name: string;
  readonly creditCode: string;
  readonly address: string;
}

/** Independent bid guarantee; structure after the form annexed to 建市〔2021〕11号, wording our own. Anchor: `guarantor-seal`. */
export interface GuaranteeCertificateContent {
  readonly frame: DocumentFrame;
  readonly number: string;
  readonly tender: TenderReference;
  readonly applicant: Party;
  readonly beneficiary: Party;
  readonly guarantor: Party;
  readonly cap: Money;
  readonly effectiveAt: Instant;
  /** Last instant at which a demand may reach the guarantor. */
  readonly expiresAt: Instant;
  /** The latest date to which automatic extension may reach. */
  readonly latestExtension: Instant;
  /** Days after the end of bid validity that expiry was set to. */
  readonly daysAfterBidValidity: number;
  /** Working days in which a complying demand is paid. */
  readonly paymentWorkingDays: number;
  /** Rules named in the undertaking, e.g. `URDG 758`, or undefined for none. */
  readonly applicableRules?: string;
  /** Where disputes go, e.g. `保证人住所地人民法院`. */
  readonly forum: string;
  /** Text of the QR code, see encodeGuaranteeQr. */
  readonly qrPayload: string;
  /** Address of the verification page. */
  readonly verifyUrl: string;
  /** Lower-case hex. */
  readonly commitment: string;
}

const TRIGGERS = [
  '开标后、投标有效期内，申请人撤销其投标文件。',
  '申请人收到中标通知书后，无正当理由不与受益人订立合同，或者在订立合同时向受益人提出附加条件。',
  '申请人中标并订立合同后，不按照招标文件的要求提交履约担保。',
  '招标文件明确规定的投标保证金不予退还的其他情形。',
] as const;

function clauses(c: GuaranteeCertificateContent): string[] {
  const zone = zoneOf(c.frame);
  const rules =
    c.applicableRules === undefined
      ? '本保函未约定适用特定的独立保函交易示范规则。'
      : `本保函适用${c.applicableRules}。`;
  return [
    `保证金额。我方承担保证责任的最高限额为${moneyInWords(c.cap.amountMinor)}（￥${moneyInFigures(c.cap)}）。我方的责任随每次付款相应递减。`,
    '独立性。本保函为独立保函，独立于申请人与受益人之间的基础交易和招标投标活动，不因其无效、变更或者任何抗辩而受影响。',
    '不可撤销、不可转让。本保函自开立之日起不可撤销；未经我方书面同意，受益人不得转让本保函项下的权利。',
    `见索即付。我方在有效期内收到受益人加盖公章（或可靠电子签名）的书面索赔通知后，在 ${c.paymentWorkingDays} 个工作日内，于最高限额内无条件支付所索款项。索赔通知应写明本保函编号、索赔金额，并声明申请人发生了第二部分所列情形中的哪一种；受益人无需提供其他证明，我方仅对单据作表面审查。`,
    `有效期。本保函自 ${dateTime(c.effectiveAt, zone)} 起生效，至投标有效期届满后第 ${c.daysAfterBidValidity} 日，即 ${dateTime(c.expiresAt, zone)} 止。索赔通知应在该时刻之前送达我方。`,
    `顺延。投标有效期依法延长的，本保函有效期自动相应顺延，无需我方另行确认，但最迟不超过 ${dateOnly(c.latestExtension, zone)}。`,
    '失效。有效期届满、我方已付款至最高限额或者受益人书面解除我方责任的，本保函即行失效，无论其正本是否退回。本保函以电子形式开立，以附有有效电子签名的原始文件为准，复制件、打印件仅供参考。',
    `法律与争议。本保函适用中华人民共和国法律，争议由${c.forum}解决。${rules}`,
  ];
}

function parties(c: GuaranteeCertificateContent): { zh: string; en: string; value: string }[] {
  const party = ({ name, creditCode, address }: Party): string =>
    `${name}\n统一社会信用代码：${creditCode}\n地址：${address}`;
  const zone = zoneOf(c.frame);
  return [
    { zh: '保函编号', en: 'Guarantee number', value: c.number },
    { zh: '申请人（投标人）', en: 'Applicant (bidder)', value: party(c.applicant) },
    { zh: '受益人（招标人）', en: 'Beneficiary (tenderee)', value: party(c.beneficiary) },
    { zh: '保证人', en: 'Guarantor', value: party(c.guarantor) },
    ...tenderEntries(c.tender),
    { zh: '最高限额（大写）', en: 'Cap in words', value: moneyInWords(c.cap.amountMinor) },
    { zh: '最高限额（小写）', en: 'Cap in figures', value: `￥${moneyInFigures(c.cap)} 元` },
    { zh: '有效期', en: 'Validity', value: `${dateTime(c.effectiveAt, zone)} 至\n${dateTime(c.expiresAt, zone)}` },
  ];
}

/** @throws DomainError `E_GLYPH_MISSING` for a name that the fonts cannot print */
export async function renderGuaranteeCertificate(
  content: GuaranteeCertificateContent,
  options: RenderOptions,
): Promise<Uint8Array> {
  const { frame, guarantor } = content;
  const flow = startFlow(frame, { zh: '投标保函', en: 'Bid Guarantee · independent, on first demand' }, options);
  title(flow, `编号 No. ${content.number}`);
  keyValues(flow, parties(content));
  heading(flow, '一、保证的作出', 'Undertaking');
  paragraph(
    flow,
    `致${content.beneficiary.name}：鉴于${content.applicant.name}（下称“申请人”）参加贵方“${content.tender.name}”（${content.tender.lotName}）的投标，我方${guarantor.name}应申请人的请求，不可撤销地向贵方开立本独立保函。`,
    { indent: true },
  );
  heading(flow, '二、付款情形', 'Events that entitle to payment');
  paragraph(flow, '发生下列任一情形的，贵方有权向我方索赔：');
  numbered(flow, TRIGGERS, (index) => `（${'一二三四'[index]}）`);
  heading(flow, '三、保证条款', 'Terms');
  numbered(flow, clauses(content));
  heading(flow, '四、验真', 'Verification');
  qrWithSeal(
    flow,
    {
      payload: content.qrPayload,
      title: '扫码验真 Scan to verify',
      text: `二维码载有编号、承诺值、金额、到期时间和保证人签名，可离线核对。\n在线查验 ${content.verifyUrl}\n承诺值 Commitment\n${content.commitment}`,
    },
    {
      anchor: 'guarantor-seal',
      role: '保证人 Guarantor（电子印章）',
      organisation: guarantor.name,
      date: dateOnly(frame.issuedAt, zoneOf(frame)),
    },
  );
  return finish(flow);
}
