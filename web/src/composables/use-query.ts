import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { Ref, ShallowRef, WatchSource } from 'vue';
import { useLive } from '../stores/live.ts';

export interface Query<T> {
  readonly data: Readonly<ShallowRef<T | undefined>>;
  readonly error: Readonly<ShallowRef<unknown>>;
  readonly loading: Readonly<Ref<boolean>>;
  refetch(): Promise<void>;
}

export interface QueryOptions {
  /** Loads again when one of these changes. */
  readonly watch?: readonly WatchSource[];
  /** Loads again when the platform says that this tender has changed. */
  readonly tender?: () => string | undefined;
  /** Loads again on these topics, whatever the tender. */
  readonly topics?: readonly string[];
}

/**
 * Loads when it is set up and again when told to. An answer that was overtaken by a later question is dropped; while
 * it loads again the old answer stays, so that nothing flickers. Show it with `QueryView`.
 */
export function useQuery<T>(load: () => Promise<T>, options: QueryOptions = {}): Query<T> {
  const data = shallowRef<T>();
  const error = shallowRef<unknown>();
  const loading = ref(false);
  let latest = 0;
  const refetch = async (): Promise<void> => {
    const own = ++latest;
    loading.value = true;
    try {
      const answer = await load();
      if (own !== latest) return;
      data.value = answer;
      error.value = undefined;
    } catch (failure) {
      if (own === latest) error.value = failure;
    } finally {
      if (own === latest) loading.value = false;
    }
  };
  if (options.watch !== undefined)
    watch([...options.watch], () => {
      data.value = undefined;
      void refetch();
    });
  const stop = useLive().listen(({ topic, tenderId }) => {
    const mine = options.tender?.();
    const concerns =
      topic === 'reconnected' ||
      (mine !== undefined && tenderId === mine) ||
      (options.topics?.includes(topic) ?? false);
    if (concerns) void refetch();
  });
  onScopeDispose(() => {
    latest++;
    stop();
  });
  void refetch();
  return { data, error, loading, refetch };
}
