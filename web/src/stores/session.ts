import { ApiError } from '@qej/contract';
import type { Role } from '@qej/contract';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { useApi } from '../api/client.ts';
import type { SessionView } from '../api/views.ts';

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
  const forget = (): void => {
    session.value = undefined;
  };
  const logOut = async (): Promise<void> => {
    await api.logOut({});
    forget();
  };
  const actAs = async (membershipId: string, as: Role): Promise<void> => {
    accept(await api.actAs({ body: { membershipId, role: as } }));
  };
  /** The membership through which the person could act in one of these roles. */
  const membershipFor = (wanted: readonly Role[]): { membershipId: string; role: Role; name: string } | undefined => {
    for (const { membershipId, organizationName, roles } of session.value?.memberships ?? []) {
      const found = roles.find((held) => wanted.includes(held));
      if (found !== undefined) return { membershipId, role: found, name: organizationName };
    }
    return undefined;
  };
  return { session, role, isLoggedIn, needsSecondFactor, ready, accept, forget, logOut, actAs, membershipFor };
});
