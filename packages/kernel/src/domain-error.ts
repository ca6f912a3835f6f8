export interface DomainErrorOptions {
  /** For a person who reads the log; never holds a secret, a price or a name before the opening. */
  readonly detail?: string;
  /** Values that the translated message may show. */
  readonly params?: Readonly<Record<string, string | number>>;
  readonly cause?: unknown;
}

/** A refusal that a caller can act on. `code` is a literal that the contract's error catalogue lists. */
export class DomainError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly params: Readonly<Record<string, string | number>>;

  constructor(code: Code, options: DomainErrorOptions = {}) {
    super(
      options.detail === undefined ? code : `${code}: ${options.detail}`,
      'cause' in options ? { cause: options.cause } : undefined,
    );
    this.name = 'DomainError';
    this.code = code;
    this.params = options.params ?? {};
  }
}
