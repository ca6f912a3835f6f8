import { DomainError } from '@qej/kernel';

/** A refusal with a code of the catalogue, or of a package that runs in the browser. */
export const isRefusal = (error: unknown): error is DomainError => error instanceof DomainError;
