import { DomainError } from '@qej/kernel';
import type { HolderErrorCode } from './errors.ts';

/** @throws DomainError always */
export const refuse = (
  code: HolderErrorCode,
  detail: string,
  params: Readonly<Record<string, string | number>> = {},
): never => {
  throw new DomainError(code, { detail, params });
};
