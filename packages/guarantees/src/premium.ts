import { money, proportion } from '@qej/kernel';
import type { Money } from '@qej/kernel';

/** A guarantor's tariff, policy data. */
export interface PremiumTariff {
  readonly tariffId: string;
  readonly rateBasisPoints: number;
  readonly minimum: Money;
  readonly source: { readonly zh: string; readonly en: string };
}

/** Qingdao cut its e-guarantee premium to 1‰ of the sum in the first half of 2024; the minimum is invented. */
export const qingdaoTariff: PremiumTariff = {
  tariffId: 'qingdao-2024',
  rateBasisPoints: 10,
  minimum: money(10_000n),
  source: {
    zh: '青岛市 2024 年上半年电子保函费率下调至 1‰；最低保费为假设值',
    en: 'Qingdao, first half of 2024: 1 per mille; the minimum is an assumption',
  },
};

/** Rounded up to the fen, at least the minimum. */
export function premiumOf(amount: Money, tariff: PremiumTariff): Money {
  const premium = proportion(amount, tariff.rateBasisPoints, 'up');
  return premium.amountMinor < tariff.minimum.amountMinor ? tariff.minimum : premium;
}
