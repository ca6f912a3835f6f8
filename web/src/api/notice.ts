import { readNoticeJson } from '@qej/tendering';
import type { Notice } from '@qej/tendering';
import * as z from 'zod';

/** Members of the parts that other packages own, as far as a page shows them (docs/formats/scoring-rule.md, deposit.md). */
const zText = z.object({ zh: z.string(), en: z.string() });
const zCriteria = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      title: zText,
      clause: z.string().optional(),
      max: z.string().optional(),
    }),
  ),
  full: z.string().optional(),
  priceMax: z.string().optional(),
});
const zDeposit = z.object({
  rateBasisPoints: z.number(),
  capAmount: z.string().nullish(),
  waiverPolicyId: z.string().nullish(),
});
const zRule = z.object({ id: z.string(), title: zText.optional() });

export interface ReadableNotice {
  readonly notice: Notice;
  readonly criteria: z.output<typeof zCriteria> | undefined;
  readonly deposit: z.output<typeof zDeposit> | undefined;
  readonly rule: z.output<typeof zRule> | undefined;
}

/** The frozen notice; undefined while there is none. @throws DomainError `E_FORMAT` for an unknown version */
export function readNotice(value: unknown): ReadableNotice | undefined {
  if (value === undefined) return undefined;
  const notice = readNoticeJson(value);
  return {
    notice,
    criteria: zCriteria.safeParse(notice.criteria).data,
    deposit: zDeposit.safeParse(notice.deposit).data,
    rule: zRule.safeParse(notice.scoringRule).data,
  };
}
