import { DomainError, canonicalBytes, toHex } from '@qej/kernel';

export const templateIds = ['independent-bid-guarantee/1', 'general-suretyship/1'] as const;
export type TemplateId = (typeof templateIds)[number];

/** The text of a guarantee form. Whether it is independent is a property of the form, never of free text. */
export interface GuaranteeTemplate {
  readonly templateId: TemplateId;
  readonly name: { readonly zh: string; readonly en: string };
  /** 独立保函: irrevocable, non-transferable, payable on first written demand without proof. */
  readonly isIndependent: boolean;
  /** Chinese is the legal text. `{…}` are filled from the undertaking. */
  readonly clauses: readonly string[];
}

/** Own wording along the structure of the model form for independent bid guarantees (建市〔2021〕11号). */
const independent: GuaranteeTemplate = {
  templateId: 'independent-bid-guarantee/1',
  name: { zh: '投标保函（独立保函）', en: 'Bid guarantee (independent, on demand)' },
  isIndependent: true,
  clauses: [
    '本保函为不可撤销、不可转让的见索即付独立保函，担保金额最高不超过人民币 {amountInWords}（¥{amount}）。',
    '受益人为本保函承诺值所对应标段的招标人；承诺值在开标后由申请人的投标登记文件揭示。',
    '在保函有效期内，申请人有下列情形之一的，受益人可以提出索赔：（一）开标后在投标有效期内撤销投标文件；（二）收到中标通知书后无正当理由不订立或者拒绝订立合同；（三）未按招标文件要求提交履约担保；（四）招标文件规定的其他情形。',
    '我方收到受益人在有效期内提交的、载明上述情形之一的书面索赔通知后，在七个工作日内无条件支付，不要求受益人提供其他证明。',
    '本保函自 {validFrom} 起生效，至 {validTo} 失效；投标有效期延长的，经申请人与我方同意，本保函有效期相应延长。',
    '本保函的效力独立于投标、招标文件及合同；适用中华人民共和国法律。',
    '保函到期、担保责任已经履行完毕或者受益人书面解除的，我方担保责任解除。',
  ],
};

/** Listed so that the check can name it: a suretyship that asks for a judgment is no demand guarantee and is refused. */
const suretyship: GuaranteeTemplate = {
  templateId: 'general-suretyship/1',
  name: { zh: '投标保证（一般保证，非独立）', en: 'Bid suretyship (general, not independent)' },
  isIndependent: false,
  clauses: ['本保证为一般保证。受益人索赔须附生效法律文书、经强制执行仍不能受偿的裁定以及申请人的书面确认。'],
};

export const guaranteeTemplates: Readonly<Record<TemplateId, GuaranteeTemplate>> = {
  'independent-bid-guarantee/1': independent,
  'general-suretyship/1': suretyship,
};

/** Forms that a tender accepts. */
export const acceptedTemplateIds: readonly TemplateId[] = templateIds.filter(
  (id) => guaranteeTemplates[id].isIndependent,
);

/** SHA-256 of the canonical JSON of the template, hex: the whitelist is by content, not by name. */
export async function templateSha256(template: GuaranteeTemplate): Promise<string> {
  return toHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', canonicalBytes(template))));
}

/** Fills the clauses. @throws DomainError `E_TEMPLATE` when a value is missing. */
export function fillClauses(template: GuaranteeTemplate, values: Readonly<Record<string, string>>): readonly string[] {
  return template.clauses.map((clause) =>
    clause.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new DomainError('E_TEMPLATE', { detail: `no value for ${name}` });
      return value;
    }),
  );
}
