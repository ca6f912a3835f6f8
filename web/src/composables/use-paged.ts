import { computed, ref, shallowRef, watch } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { useAction } from './use-action.ts';
import type { Action } from './use-action.ts';
import { useQuery } from './use-query.ts';
import type { Query, QueryOptions } from './use-query.ts';

interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | undefined;
}
export interface Paged<T> {
  readonly first: Query<Page<T>>;
  readonly items: ComputedRef<readonly T[]>;
  /** The next page; absent at the end. */
  readonly next: Readonly<Ref<string | undefined>>;
  readonly more: Action<[], void>;
}

/** A list with a keyset: the first page as a query, further ones on request. Show it with `PagedList`. */
export function usePaged<T>(
  load: (page: { readonly after?: string }) => Promise<Page<T>>,
  options?: QueryOptions,
): Paged<T> {
  const first = useQuery(() => load({}), options);
  const further = shallowRef<readonly T[]>([]);
  const next = ref<string>();
  watch(first.data, (page) => {
    further.value = [];
    next.value = page?.next;
  });
  const more = useAction(async () => {
    const page = await load(next.value === undefined ? {} : { after: next.value });
    further.value = [...further.value, ...page.items];
    next.value = page.next;
  });
  const items = computed(() => [...(first.data.value?.items ?? []), ...further.value]);
  return { first, items, next, more };
}
