import { DomainError } from './domain-error.ts';

/** One table per aggregate: state → event → next state. Declare it `as const satisfies Transitions<State, Event>`. */
export type Transitions<State extends string, Event extends string> = {
  readonly [S in State]: { readonly [E in Event]?: State };
};

/** @throws DomainError `E_STATE` when the event is not allowed in the state. */
export function advance<State extends string, Event extends string>(
  table: Transitions<State, Event>,
  state: State,
  event: Event,
): State {
  const next = table[state]?.[event];
  if (next === undefined) {
    throw new DomainError('E_STATE', { detail: `${event} is not allowed in ${state}`, params: { state, event } });
  }
  return next;
}
