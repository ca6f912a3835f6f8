import * as z from 'zod';

/** 32 lower-case hex digits. */
export const zId = z.string().regex(/^[0-9a-f]{32}$/);
/** SHA-256, 64 lower-case hex digits. */
export const zHash = z.string().regex(/^[0-9a-f]{64}$/);
/** RFC 3339 in UTC with milliseconds. */
export const zInstant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
/** Decimal string with two places, CNY. */
export const zMoney = z.string().regex(/^(0|[1-9]\d{0,13})\.\d{2}$/);
/** Exact decimal, as scores are. */
export const zDecimal = z.string().regex(/^-?(0|[1-9]\d{0,8})(\.\d{1,8})?$/);
export const zBase64 = z
  .string()
  .max(8_000_000)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/);
export const zName = z.string().trim().min(1).max(120);
export const zText = z.string().max(20_000);
export const zUscc = z.string().regex(/^[0-9A-HJ-NPQRTUWXY]{18}$/);
export const zBilingual = z.strictObject({ zh: zName, en: z.string().max(240) });
export const zBilingualText = z.strictObject({ zh: zText, en: zText });
export const zJson: z.ZodType<unknown> = z.unknown();

export const byTender = z.strictObject({ tenderId: zId });
/** Keyset page: pass the last `next` as `after`. */
export const zPage = z.strictObject({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
});
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), next: z.string().optional() });
export const zOk = z.strictObject({ ok: z.literal(true) });
