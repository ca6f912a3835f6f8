import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { Ref } from 'vue';
import { useApi } from '../../api/client.ts';
import { draftOf, leftOf, readPassItems, readScoreItems, sheetOf } from './criteria.ts';
import type { SheetDraft, Workbench } from './criteria.ts';

const AUTOSAVE_MS = 700;

/** All sheets of one expert: typed here, kept on the platform a moment after each change. */
export function useSheets(tenderId: string, workbench: Readonly<Ref<Workbench | undefined>>) {
  const api = useApi();
  const drafts = shallowRef<ReadonlyMap<string, SheetDraft>>(new Map());
  const dirty = ref<ReadonlySet<string>>(new Set());
  const savedAt = ref<string>();
  const isSaving = ref(false);
  const error = shallowRef<unknown>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();

  const scores = computed(() => readScoreItems(workbench.value?.criteria));
  const passes = computed(() => readPassItems(workbench.value?.passFail));
  const bids = computed(() => workbench.value?.bids ?? []);
  const isReadOnly = computed(() => workbench.value?.submittedAt !== undefined);
  watch(
    workbench,
    (view) => {
      if (view === undefined) return;
      savedAt.value = view.savedAt ?? savedAt.value;
      // What is being typed is newer than what the platform has.
      drafts.value = new Map(
        view.bids.map(({ bidId }) => {
          const typed = dirty.value.has(bidId) ? drafts.value.get(bidId) : undefined;
          return [bidId, typed ?? draftOf(view.sheets.find((sheet) => sheet.bidId === bidId))];
        }),
      );
    },
    { immediate: true },
  );

  const saveOne = async (bidId: string): Promise<void> => {
    const draft = drafts.value.get(bidId);
    if (draft === undefined) return;
    const body = sheetOf(bidId, scores.value, draft);
    const answer = await api.saveSheet({ params: { tenderId, bidId }, body });
    savedAt.value = answer.savedAt;
    // Typed meanwhile: still to be kept.
    if (drafts.value.get(bidId) === draft) dirty.value = new Set([...dirty.value].filter((one) => one !== bidId));
  };
  const saveAll = async (): Promise<void> => {
    isSaving.value = true;
    error.value = undefined;
    try {
      for (const bidId of dirty.value) await saveOne(bidId);
    } catch (failure) {
      error.value = failure;
    } finally {
      isSaving.value = false;
    }
  };
  /** Keeps everything now; one saving after the other. */
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    running = running.then(saveAll);
    return running;
  };
  const change = (bidId: string, edit: (draft: SheetDraft) => SheetDraft): void => {
    const draft = drafts.value.get(bidId);
    if (draft === undefined || isReadOnly.value) return;
    drafts.value = new Map([...drafts.value, [bidId, edit(draft)]]);
    dirty.value = new Set([...dirty.value, bidId]);
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), AUTOSAVE_MS);
  };
  onScopeDispose(() => {
    if (dirty.value.size > 0) void flush();
    clearTimeout(timer);
  });
  const left = computed(
    () =>
      new Map(
        [...drafts.value].map(([bidId, draft]) => [
          bidId,
          leftOf({ scores: scores.value, passes: passes.value }, draft),
        ]),
      ),
  );
  const leftAll = computed(() => [...left.value.values()].reduce((all, one) => all + one, 0));
  const isDirty = computed(() => dirty.value.size > 0);
  return { drafts, scores, passes, bids, left, leftAll, savedAt, isSaving, isDirty, isReadOnly, error, change, flush };
}
export type Sheets = ReturnType<typeof useSheets>;
