import { DomainError, toHex } from '@qej/kernel';
import { errorCatalogue, errorTextOf } from '@qej/contract';
import type { Problem } from '@qej/contract';
import type { Middleware } from 'koa';

export interface ErrorLog {
  /** Gets the reference shown to the person; never the body of the request. */
  error(fields: { readonly reference: string; readonly method: string; readonly path: string }, error: unknown): void;
}

/** A refusal of the input's shape, one row per field. */
export class ValidationError extends DomainError<'E_VALIDATION'> {
  readonly issues: readonly { readonly path: string; readonly message: string }[];
  constructor(issues: readonly { readonly path: string; readonly message: string }[]) {
    super('E_VALIDATION', {
      detail: issues
        .map(({ path, message }) => `${path}: ${message}`)
        .join('; ')
        .slice(0, 500),
    });
    this.issues = issues;
  }
}

const reference = (): string => toHex(globalThis.crypto.getRandomValues(new Uint8Array(6)));

/** `instanceof` alone leaves the code's type open. */
const isRefusal = (error: unknown): error is DomainError<string> => error instanceof DomainError;

/** One table decides code → status and words; whatever is not a known refusal is a bare 500. */
export function problemOf(error: unknown): Problem {
  const text = isRefusal(error) ? errorTextOf(error.code) : undefined;
  if (isRefusal(error) && text !== undefined) {
    return {
      type: `urn:qingejian:error:${error.code}`,
      title: `${text.title.zh} · ${text.title.en}`,
      status: text.status,
      code: error.code,
      detail: error.message,
      params: { ...error.params, mendZh: text.mend.zh, mendEn: text.mend.en },
      reference: reference(),
      ...(error instanceof ValidationError ? { issues: error.issues } : {}),
    };
  }
  const status =
    typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
      ? error.status
      : 500;
  if (status >= 400 && status < 500) {
    return {
      type: 'about:blank',
      title: `HTTP ${status}`,
      status,
      code: status === 413 ? 'E_TOO_LARGE' : 'E_FORMAT',
      reference: reference(),
    };
  }
  const { title, mend } = errorCatalogue.E_INTERNAL;
  return {
    type: 'about:blank',
    title: `${title.zh} · ${title.en}`,
    status: 500,
    code: 'E_INTERNAL',
    params: { mendZh: mend.zh, mendEn: mend.en },
    reference: reference(),
  };
}

/** RFC 9457, the outermost middleware. */
export const problems =
  (log: ErrorLog): Middleware =>
  async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status >= 500)
        log.error({ reference: problem.reference ?? '', method: ctx.method, path: ctx.path }, error);
      ctx.status = problem.status;
      ctx.type = 'application/problem+json';
      ctx.body = JSON.stringify(problem);
    }
  };
