import { onScopeDispose, ref } from 'vue';
import { DomainError } from '@qej/kernel';

/** A long work waits here for a click. When the page is left, the work ends. */
export function useGate() {
  const isWaiting = ref(false);
  let open: (() => void) | undefined;
  let give: ((error: Error) => void) | undefined;
  const wait = (): Promise<void> =>
    new Promise((resolve, reject) => {
      isWaiting.value = true;
      open = resolve;
      give = reject;
    });
  const pass = (): void => {
    isWaiting.value = false;
    open?.();
  };
  onScopeDispose(() => give?.(new DomainError('E_KEYRING_CLOSED')));
  return { isWaiting, wait, pass };
}
