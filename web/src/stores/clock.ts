import { parseInstant } from '@qej/kernel';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { useApi } from '../api/client.ts';
import type { Bilingual } from '../api/views.ts';

const RESYNC_MS = 240_000;
const TICK_MS = 250;

/**
 * The platform's clock, read through the page's monotonic clock: a wrong or changed device clock does not matter.
 * `now` is UTC milliseconds and moves once a second.
 */
export const useClock = defineStore('clock', () => {
  const api = useApi();
  /** Server time at page time zero. */
  const base = ref<number>();
  const now = ref(0);
  const errorMs = ref(0);
  const demo = ref(false);
  const standIns = shallowRef<readonly { readonly id: string; readonly name: Bilingual }[]>([]);
  const isKnown = computed(() => base.value !== undefined);

  const tick = (): void => {
    if (base.value === undefined) return;
    const second = Math.floor((base.value + performance.now()) / 1_000) * 1_000;
    if (second !== now.value) now.value = second;
  };
  const sync = async (): Promise<void> => {
    const asked = performance.now();
    const answer = await api.getServerTime({});
    const answered = performance.now();
    base.value = parseInstant(answer.now) - (asked + answered) / 2;
    errorMs.value = Math.ceil((answered - asked) / 2);
    demo.value = answer.demo;
    standIns.value = answer.standIns;
    tick();
  };
  /** Starts ticking; without an answer the clock says so and asks again. @returns stops it */
  const start = (): (() => void) => {
    const ask = (): void => void sync().catch(() => undefined);
    ask();
    const ticking = setInterval(tick, TICK_MS);
    const syncing = setInterval(ask, RESYNC_MS);
    return () => {
      clearInterval(ticking);
      clearInterval(syncing);
    };
  };
  return { now, errorMs, demo, standIns, isKnown, sync, start };
});
