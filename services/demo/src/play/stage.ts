import { platformClient } from '@qej/client';
import type { IntakeClient, PlatformClient, RetryPolicy, TrustRoots, UploadPass } from '@qej/client';
import type { WitnessPolicy } from '@qej/evidence';
import type { Clock } from '@qej/kernel';
import type { DemoOptions } from '../options.ts';
import type { Output } from '../output.ts';
import type { People } from '../people.ts';
import type { SeededNumbers } from '../random.ts';
import type { Story } from '../story.ts';

/** What of the options a play needs. */
export type PlayOptions = Pick<
  DemoOptions,
  'bidders' | 'experts' | 'fileMb' | 'seed' | 'deadlineS' | 'until' | 'terminate' | 'retender'
>;

/** Everything that the players share. */
export interface Stage {
  readonly origin: string;
  readonly options: PlayOptions;
  readonly people: People;
  /** Keys of the log-ins that bid, in order. */
  readonly bidderKeys: readonly string[];
  readonly story: Story;
  readonly output: Output;
  readonly clock: Clock;
  readonly numbers: SeededNumbers;
  /** Without a session: what the public sees. */
  readonly publicApi: PlatformClient;
  readonly intake: IntakeClient;
  readonly trust: TrustRoots;
  readonly policy: WitnessPolicy;
  /** Upload sessions that are still good, by bidder: tokens are few. */
  readonly passes: Map<string, UploadPass>;
}

/** The platform may be killed and restarted at any moment: every request is asked again for two minutes. */
export const patience: RetryPolicy = { patienceMs: 120_000, firstPauseMs: 100, longestPauseMs: 1_500 };

export const openPublicApi = (origin: string): PlatformClient => platformClient({ origin }, patience);

/** How many players work at once: the machine is small and runs the platform too. */
export const LANES = 2;
