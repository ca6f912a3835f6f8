import type { Json } from '@qej/kernel';

/** A leaf: `seq` is null until the log's sequencer has integrated it, in the order of `ordinal`. */
export interface LogEntryRecord {
  ordinal?: number;
  seq: number | null;
  type: string;
  at: number;
  tenderId: string | null;
  commitment: string;
  salt: string;
  body: string | null;
  dedupe: string | null;
}

export interface LogTileRecord {
  path: string;
  data: string;
}

export interface CheckpointRecord {
  size: number;
  note: string;
  at: number;
  cosigned: boolean;
}

/** Anything small a module must remember across restarts: sequencer state, tick sequence. */
export interface SettingRecord {
  id: string;
  value: Json;
}
