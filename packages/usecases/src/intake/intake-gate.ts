/** How many seal messages have arrived and are not answered yet; the closing waits for them. */
export interface IntakeGate {
  /** Call in the same turn in which `receivedAt` was read; call the result when the answer stands. */
  enter(): () => void;
  /** Resolves when nothing is under way, at the latest after `maxMs`. @returns whether it is empty. */
  drained(maxMs: number): Promise<boolean>;
}

export function createIntakeGate(): IntakeGate {
  let underWay = 0;
  const waiting = new Set<() => void>();
  return {
    enter: () => {
      underWay += 1;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        underWay -= 1;
        if (underWay === 0) for (const resume of waiting) resume();
      };
    },
    drained: (maxMs) => {
      if (underWay === 0) return Promise.resolve(true);
      return new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(done);
          resolve(underWay === 0);
        };
        const timer = setTimeout(done, maxMs);
        waiting.add(done);
      });
    },
  };
}
