import { computed, ref, watch } from 'vue';

interface Layout {
  /** Shares of the width in percent; the room has the rest. */
  readonly documents: number;
  readonly sheet: number;
  readonly isFocused: boolean;
}
const KEY = 'qej-workbench-panes';
const initial: Layout = { documents: 44, sheet: 34, isFocused: false };
const LEAST = 16;

function read(): Layout {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof saved !== 'object' || saved === null) return initial;
    const { documents, sheet, isFocused } = saved as Record<string, unknown>;
    const isShare = (value: unknown): value is number => typeof value === 'number' && value >= LEAST && value <= 68;
    if (!isShare(documents) || !isShare(sheet) || documents + sheet > 100 - LEAST) return initial;
    return { documents, sheet, isFocused: isFocused === true };
  } catch (error) {
    if (error instanceof SyntaxError) return initial; // unreadable: begin anew
    throw error;
  }
}

/** Widths of the three panes, changed by pointer or arrow keys, remembered; focus hides the room. */
export function usePanes() {
  const layout = ref<Layout>(read());
  watch(layout, (value) => localStorage.setItem(KEY, JSON.stringify(value)));
  const clamp = (share: number, most: number): number => Math.min(Math.max(share, LEAST), most);
  const resize = (which: 'documents' | 'sheet', share: number): void => {
    const { documents, sheet, isFocused } = layout.value;
    layout.value =
      which === 'documents'
        ? {
            documents: clamp(share, documents + sheet - LEAST),
            sheet: documents + sheet - clamp(share, documents + sheet - LEAST),
            isFocused,
          }
        : { documents, sheet: clamp(share, 100 - LEAST - documents), isFocused };
  };
  const toggleFocus = (): void => {
    layout.value = { ...layout.value, isFocused: !layout.value.isFocused };
  };
  const columns = computed(() => {
    const { documents, sheet, isFocused } = layout.value;
    const room = isFocused ? 0 : 100 - documents - sheet;
    return isFocused
      ? `minmax(0, ${documents}fr) 8px minmax(0, ${sheet}fr) 0 0`
      : `minmax(0, ${documents}fr) 8px minmax(0, ${sheet}fr) 8px minmax(0, ${room}fr)`;
  });
  return { layout, columns, resize, toggleFocus };
}
