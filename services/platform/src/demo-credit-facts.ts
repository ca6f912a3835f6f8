import { DomainError } from '@qej/kernel';
import type { CreditFacts, CreditSource } from '@qej/usecases';
import { writeDurably } from '@qej/persistence';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoOrganizations } from './demo-world.ts';

const FILE = 'credit-facts.json';
const SCORES: Readonly<Record<string, number>> = { AAA: 965, AA: 905, A: 842, B: 720, C: 610 };
/** Invented: every third bidder is a small firm. */
const SMALL_EVERY = 3;

/** 信用事实文件（替身）: grades and registers of the demo's bidders. Invented; nobody real is meant. */
export function demoCreditFacts(): readonly CreditFacts[] {
  return demoOrganizations
    .filter(({ roles }) => roles.includes('bidder'))
    .map(({ uscc, name, grade }, index) => ({
      uscc,
      name,
      grade: grade ?? null,
      score: grade === undefined ? null : (SCORES[grade] ?? null),
      isSmallOrMicro: index % SMALL_EVERY === SMALL_EVERY - 1,
      records: [],
      unavailable: [],
    }));
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/**
 * The file in place of a credit bureau: `data/credit-facts.json`, made once and read at each question, so that a person can change a
 * grade or a record and see what follows.
 */
export async function openCreditFacts(dataDirectory: string, issuer: CreditSource['issuer']): Promise<CreditSource> {
  const path = join(dataDirectory, FILE);
  const read = async (): Promise<readonly CreditFacts[]> => {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (!Array.isArray(value)) throw new DomainError('E_CREDIT_SOURCE', { detail: `${FILE} is no list` });
    return value as readonly CreditFacts[]; // each snapshot made of it is checked by its own format
  };
  try {
    await read();
  } catch (error) {
    if (!isMissing(error)) throw error;
    await writeDurably(path, Buffer.from(`${JSON.stringify(demoCreditFacts(), undefined, 2)}\n`, 'utf8'));
  }
  return { issuer, factsOf: async (uscc) => (await read()).find((facts) => facts.uscc === uscc) };
}
