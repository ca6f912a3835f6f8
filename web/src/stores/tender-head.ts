import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { TenderView } from '../api/views.ts';

/** What the top bar shows of the tender whose page is open. */
export const useTenderHead = defineStore('tender-head', () => {
  const tender = shallowRef<TenderView>();
  return { tender };
});
