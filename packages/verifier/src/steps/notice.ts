import { fromBase64, parseInstant } from '@qej/kernel';
import { decodeNotice } from '@qej/tendering';
import { refuse } from '../codes.ts';
import { sha256Hex } from '../container.ts';
import { needed } from '../report.ts';
import type { Check, StepResult } from '../report.ts';
import { verifyAct } from '../trust-set.ts';
import type { BaseFacts, Context, NoticeFacts } from './context.ts';
import { getEntry } from './log.ts';

/** The notice's bytes, the agency's signature over them, and the entry of the log that fixed them. */
export async function checkNotice(
  { archive, trust }: Context,
  { log }: Pick<BaseFacts, 'log'>,
  check: Check,
): Promise<StepResult<NoticeFacts>> {
  const bytes = archive.bytes('notice.json');
  const noticeHash = sha256Hex(bytes);
  const notice = decodeNotice(bytes);
  await check('notice.json', () => {
    const { tenderId, code } = archive.container.index;
    if (notice.tenderId !== tenderId || notice.code !== code)
      refuse('E_ARCHIVE_NOTICE', 'the notice is of another tender than the index says');
  });
  const publication = await check('publication.json', () => archive.member('publication.json'));
  await check('publication.json', async () => {
    if (publication === undefined) return;
    const cms = fromBase64(publication.cms);
    const act = { purpose: 'qej-notice/1', content: bytes, cms, at: parseInstant(publication.at) } as const;
    const signer = await verifyAct(trust, act);
    if (signer.uscc !== notice.agency.uscc)
      refuse('E_ARCHIVE_NOTICE', `signed by ${signer.organization}, not by the agency of the notice`);
  });
  await check('log', () => {
    const { body } = getEntry(needed(log, 'log'), 'notice', { noticeHash });
    const said = [body['documentSha256'], body['deadline']];
    if (said[0] !== notice.document.sha256 || said[1] !== notice.timetable.deadline.at)
      refuse('E_ARCHIVE_NOTICE', 'the log entry has another document or deadline');
    if (publication !== undefined && body['cmsSha256'] !== sha256Hex(fromBase64(publication.cms)))
      refuse('E_ARCHIVE_NOTICE', 'the log entry has another signature');
  });
  return { value: { notice, noticeHash }, detail: `${notice.code} ${notice.title.zh}` };
}
