import { canonicalBytes } from '@qej/kernel';
import type { Notice } from '@qej/tendering';
import { hashOf } from './tender-bytes.ts';

/** What a sealed bid answers: the edition of the tender document (docs/formats/notice.md). The first is the notice's own. */
export const editionHashOf = (notice: Notice, noticeHash: string): Promise<string> =>
  hashOf(canonicalBytes({ v: 1, noticeHash, edition: 1, documentSha256: notice.document.sha256 }));
