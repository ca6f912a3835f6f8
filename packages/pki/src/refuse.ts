import { DomainError } from '@qej/kernel';
import type { DomainErrorOptions } from '@qej/kernel';
import type { PkiErrorCode } from './codes.ts';

/** Throws a refusal whose code is on the package's list. */
export function refuse(code: PkiErrorCode, detail: string, params?: DomainErrorOptions['params']): never {
  throw new DomainError(code, params === undefined ? { detail } : { detail, params });
}
