import { ApiError } from '@qej/contract';
import type { Role } from '@qej/contract';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { useApi } from '../api/client.ts';
import type { SessionView } from '../api/views.ts';

/** The membership through which the person could act in one of these roles. */
export function membershipFor(
  session: SessionView | undefined,
  wanted: readonly Role[],
): { readonly membershipId: string; readonly role: Role; readonly name: string } | undefined {
  for (const { membershipId, organizationName, roles } of session?.memberships ?? []) {
    const found = roles.find((held) => wanted.includes(held));
    if (found !== undefined) return { membershipId, role: found, name: organizationName };
  }
  return undefined;
}

/** Who is logged in, and as whom they act. */
export const useSession = defineStore('session', () => {
  const api = useApi();
  const session = shallowRef<SessionView>();
  let loading: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    try {
      session.value = await api.getSession({});
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      session.value = undefined;
    }
  };
  /** Asks the server once; later calls wait for the same answer. A failed question is asked again. */
  const ready = (): Promise<void> =>
    (loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    }));
  const role = computed<Role | undefined>(() => session.value?.actingAs?.role);
  const isLoggedIn = computed(() => session.value !== undefined);
  const needsSecondFactor = computed(() => session.value?.secondFactorNeeded === true);

  const accept = (view: SessionView): void => {
    session.value = view;
    loading = Promise.resolve();
  };
  const logOut = async (): Promise<void> => {
    await api.logOut({});
    session.value = undefined;
  };
  const actAs = async (membershipId: string, as: Role): Promise<void> => {
    accept(await api.actAs({ body: { membershipId, role: as } }));
  };
  return { session, role, isLoggedIn, needsSecondFactor, ready, accept, logOut, actAs };
});
