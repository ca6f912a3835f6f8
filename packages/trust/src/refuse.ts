import { DomainError } from '@qej/kernel';
import type { TrustErrorCode } from './codes.ts';

/** Throws a refusal whose code is on the package's list. */
export function refuse(code: TrustErrorCode, detail: string): never {
  throw new DomainError(code, { detail });
}
