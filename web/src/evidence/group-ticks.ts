import type { LogEntry } from '../api/views.ts';

export type LogRow =
  | { readonly kind: 'act'; readonly entry: LogEntry }
  | { readonly kind: 'ticks'; readonly first: LogEntry; readonly last: LogEntry; readonly count: number };

/** Newest first; runs of regular ticks become one row, so that acts can be seen. */
export function groupTicks(entries: readonly LogEntry[]): readonly LogRow[] {
  const rows: LogRow[] = [];
  for (const entry of entries.toSorted((one, other) => other.seq - one.seq)) {
    const before = rows.at(-1);
    if (entry.type !== 'tick') rows.push({ kind: 'act', entry });
    else if (before?.kind === 'ticks') rows[rows.length - 1] = { ...before, first: entry, count: before.count + 1 };
    else rows.push({ kind: 'ticks', first: entry, last: entry, count: 1 });
  }
  return rows;
}
