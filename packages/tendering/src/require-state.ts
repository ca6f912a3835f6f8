import { DomainError } from '@qej/kernel';

/** Narrows an aggregate to the state a command needs. @throws DomainError `E_STATE` */
export function requireState<A extends { readonly state: string }, S extends A['state']>(
  aggregate: A,
  ...states: S[]
): Extract<A, { readonly state: S }> {
  if (!(states as string[]).includes(aggregate.state)) {
    throw new DomainError('E_STATE', {
      detail: `needs ${states.join(' or ')}, is ${aggregate.state}`,
      params: { state: aggregate.state },
    });
  }
  return aggregate as Extract<A, { readonly state: S }>; // the state was compared above
}
