import type { World } from './world.ts';

/** One act of the play. */
export interface Step {
  readonly name: string;
  readonly run: (world: World) => Promise<void>;
}
