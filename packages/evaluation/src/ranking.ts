import { DomainError } from '@qej/kernel';
import type { TieBreaker } from './criteria.ts';
import { drawTieOrder } from './draw-coefficient.ts';
import { compare } from './rational.ts';
import type { Rational } from './rational.ts';

export interface Contender {
  readonly id: string;
  readonly total: Rational;
  readonly price: Rational;
  readonly technical: Rational;
}

export interface RankingRules {
  readonly better: 'higher' | 'lower';
  /** In this order; whatever is still equal is drawn. */
  readonly tieBreak: readonly TieBreaker[];
  /** 32 bytes of purpose `tie`; needed only when a tie reaches the draw. */
  readonly tieSeed?: Uint8Array;
}

export interface Ranked {
  readonly id: string;
  /** From 1, no two alike. */
  readonly rank: number;
  /** The rule that separated this bid from the one before it, when their totals are equal. */
  readonly separatedBy?: TieBreaker;
}

type Compare = (a: Contender, b: Contender) => number;

const COMPARED: Record<Exclude<TieBreaker, 'draw'>, Compare> = {
  'lower-price': (a, b) => compare(a.price, b.price),
  'higher-technical': (a, b) => compare(b.technical, a.technical),
};

const byTotal = (better: RankingRules['better']): Compare =>
  better === 'higher' ? (a, b) => compare(b.total, a.total) : (a, b) => compare(a.total, b.total);

function groups(sorted: readonly Contender[], isSame: (a: Contender, b: Contender) => boolean): Contender[][] {
  const found: Contender[][] = [];
  for (const contender of sorted) {
    const [last, before] = [found.at(-1), found.at(-1)?.at(-1)];
    if (last !== undefined && before !== undefined && isSame(before, contender)) last.push(contender);
    else found.push([contender]);
  }
  return found;
}

function drawn(tied: readonly Contender[], seed: Uint8Array | undefined): Contender[] {
  if (seed === undefined) throw new DomainError('E_EVALUATION_TIE_DRAW', { params: { bids: tied.length } });
  const order = drawTieOrder(
    seed,
    tied.map(({ id }) => id),
  );
  return tied.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
}

/** Why `b` stands after `a`: nothing to say when their totals differ. */
function separation(a: Contender, b: Contender, { better, tieBreak }: RankingRules): TieBreaker | undefined {
  if (byTotal(better)(a, b) !== 0) return undefined;
  return tieBreak.find((rule) => rule === 'draw' || COMPARED[rule](a, b) !== 0) ?? 'draw';
}

/**
 * Best first, ties broken in the declared order and in the end by draw. The same for any order of the contenders.
 * @throws DomainError `E_EVALUATION_TIE_DRAW` when a tie reaches the draw and no seed is given.
 */
export function rank(contenders: readonly Contender[], rules: RankingRules): Ranked[] {
  const breakers = rules.tieBreak.filter((rule) => rule !== 'draw').map((rule) => COMPARED[rule]);
  const compared = [byTotal(rules.better), ...breakers];
  const order: Compare = (a, b) => compared.map((one) => one(a, b)).find((result) => result !== 0) ?? 0;
  const tied = groups(contenders.toSorted(order), (a, b) => order(a, b) === 0);
  const sorted = tied.flatMap((group) => (group.length > 1 ? drawn(group, rules.tieSeed) : group));
  return sorted.map((contender, place): Ranked => {
    const before = sorted[place - 1];
    const separatedBy = before === undefined ? undefined : separation(before, contender, rules);
    const head = { id: contender.id, rank: place + 1 };
    return separatedBy === undefined ? head : { ...head, separatedBy };
  });
}
