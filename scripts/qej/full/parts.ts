import type { TestStep } from '../test-steps.ts';
import { demoMariadbPart, demoSqlitePart } from './demo.ts';
import { dockerPart } from './docker.ts';
import { killPart } from './kill.ts';

/** The heavy parts of `./qej test --full [part]`, ≤ 60 min each. A new part is one line. */
export const fullParts: readonly TestStep[] = [demoSqlitePart, demoMariadbPart, killPart, dockerPart];
