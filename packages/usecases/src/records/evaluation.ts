import type { Json } from '@qej/kernel';

export interface ExpertRecord {
  id: string;
  userId: string;
  kind: string;
  specialty: string;
  region: string;
  employer: string;
  employerUscc: string;
  suspended: boolean;
  recentCommittees: number;
  salt: string;
}

export interface SeatRecord {
  id: string;
  tenderId: string;
  seat: number;
  poolIndex: number;
  expertId: string;
  kind: string;
  state: string;
  isChair: boolean;
  chairVote: number | null;
  declaration: Json;
  sheetCms: string | null;
  submittedAt: number | null;
  updatedAt: number;
}

export interface SheetRecord {
  id: string;
  tenderId: string;
  seat: number;
  bidId: string;
  marks: Json;
  passFail: Json;
  savedAt: number;
}

export interface RecordingRecord {
  id: string;
  tenderId: string;
  participant: string;
  source: string;
  startedAt: number;
  endedAt: number;
  bytes: number;
  sha256: string;
  file: string;
  logSeq: number | null;
}
