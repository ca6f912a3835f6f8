import { DomainError, systemClock } from '@qej/kernel';

/** Asks again until the answer is there. */
export async function until<T>(what: string, look: () => Promise<T | undefined>, timeoutMs = 20_000): Promise<T> {
  const end = systemClock.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (systemClock.now() > end) throw new Error(`waited too long: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => {
      const refusal: DomainError<string> | undefined = error instanceof DomainError ? error : undefined;
      return refusal?.code ?? String(error);
    },
  );
