/** What one turn of one side did: operations, in seconds (wall or CPU, the same for all sides of a comparison). */
export interface Turn {
  readonly operations: number;
  readonly seconds: number;
}

export interface Side {
  readonly name: string;
  readonly turn: () => Turn | Promise<Turn>;
}

/** Operations per second by side, one figure a round. */
export type Rates = Readonly<Record<string, readonly number[]>>;

/** One ratio as it is printed: a line of JSON. */
export interface Ratio {
  readonly job: string;
  readonly name: string;
  readonly median: number;
  readonly min: number;
  /** First and third quartile of the per-round ratios. */
  readonly iqr: readonly [number, number];
  readonly rounds: readonly number[];
  /** What PERFORMANCE goals ask for; reported, never asserted. */
  readonly goal?: string;
  /** Medians of the two sides, operations per second. */
  readonly ours?: number;
  readonly against?: number;
}

const three = (value: number): number => Number(value.toPrecision(4));

/** Linear interpolation between the two nearest of the sorted values; `at` from 0 to 1. */
export function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * at;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (low === undefined || high === undefined) throw new Error('no values');
  return low + (high - low) * (place - Math.floor(place));
}

/** A-B-C-A-B-C…: what disturbs the machine disturbs all sides alike. One round first that does not count. */
export async function interleave(sides: readonly Side[], rounds: number): Promise<Rates> {
  const rates: Record<string, number[]> = Object.fromEntries(sides.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, turn } of sides) {
      const { operations, seconds } = await turn();
      if (round > 0) rates[name]?.push(operations / seconds);
    }
  }
  return rates;
}

export interface RatioNames {
  readonly job: string;
  readonly name: string;
  readonly goal?: string;
}

/** Median, minimum and quartiles of ratios that were taken round by round. */
export function summarise(names: RatioNames, rounds: readonly number[]): Ratio {
  return {
    ...names,
    median: three(quantile(rounds, 0.5)),
    min: three(Math.min(...rounds)),
    iqr: [three(quantile(rounds, 0.25)), three(quantile(rounds, 0.75))],
    rounds: rounds.map(three),
  };
}

/** The ratio of one side to another, in each round. */
export function ratioOf(names: RatioNames, rates: Rates, [a, b]: readonly [string, string]): Ratio {
  const [ours, against] = [rates[a], rates[b]];
  if (ours === undefined || against === undefined) throw new Error(`no side ${a} or ${b}`);
  const rounds = ours.map((rate, round) => rate / (against[round] ?? Number.NaN));
  return { ...summarise(names, rounds), ours: three(quantile(ours, 0.5)), against: three(quantile(against, 0.5)) };
}

/** Runs `operations` of something and takes the wall time. */
export async function wallTurn(operations: number, work: () => void | Promise<void>): Promise<Turn> {
  const began = performance.now();
  await work();
  return { operations, seconds: (performance.now() - began) / 1000 };
}
