import { ref, shallowRef } from 'vue';
import type { Ref, ShallowRef } from 'vue';

export interface Action<Args extends readonly unknown[], T> {
  readonly busy: Readonly<Ref<boolean>>;
  readonly error: ShallowRef<unknown>;
  /** The last run ended well. */
  readonly done: Readonly<Ref<boolean>>;
  /** `undefined` when it was refused (the reason is in `error`) or is still running. */
  run(...args: Args): Promise<T | undefined>;
}

/** Something a person does with a button: one at a time, its refusal kept for `ErrorNotice`. */
export function useAction<Args extends readonly unknown[], T>(act: (...args: Args) => Promise<T>): Action<Args, T> {
  const busy = ref(false);
  const error = shallowRef<unknown>();
  const done = ref(false);
  const run = async (...args: Args): Promise<T | undefined> => {
    if (busy.value) return undefined;
    busy.value = true;
    error.value = undefined;
    done.value = false;
    try {
      const result = await act(...args);
      done.value = true;
      return result;
    } catch (failure) {
      error.value = failure;
      return undefined;
    } finally {
      busy.value = false;
    }
  };
  return { busy, error, done, run };
}
