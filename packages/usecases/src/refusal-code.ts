import { DomainError } from '@qej/kernel';

/** The code of a refusal; undefined for a programmer's mistake, which goes on. */
export const refusalCode = (error: unknown): string | undefined =>
  error instanceof DomainError ? String(error.code) : undefined;
