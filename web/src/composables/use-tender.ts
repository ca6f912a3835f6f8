import { inject } from 'vue';
import type { InjectionKey, Ref } from 'vue';
import type { TenderView } from '../api/views.ts';

export interface TenderContext {
  readonly tenderId: string;
  /** As the platform sees it now; follows live events. Inside a page it is always there. */
  readonly tender: Readonly<Ref<TenderView>>;
  /** After an act of one's own. */
  refetch(): Promise<void>;
}
export const tenderKey: InjectionKey<TenderContext> = Symbol('tender');

/** The tender of a page below `/tenders/:tenderId`. */
export function useTender(): TenderContext {
  const context = inject(tenderKey);
  if (context === undefined) throw new Error('not a page of a tender');
  return context;
}
