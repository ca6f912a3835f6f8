import { readSignatures, verifyPdf } from '@qej/documents';
import type { CmsToVerify, CmsVerdict } from '@qej/documents';
import { DomainError, parseInstant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { OID, verifyCms } from '@qej/pki';
import type { Member } from '../archive-members.ts';
import { refuse } from '../codes.ts';
import { sha256Hex } from '../container.ts';
import { needed } from '../report.ts';
import type { Check, StepResult } from '../report.ts';
import { carriesTimestamp, signerFact } from '../trust-set.ts';
import type { SignerFact, TrustSet } from '../trust-set.ts';
import type { BaseFacts, Context } from './context.ts';

/** `D:YYYYMMDDhhmmssZ` as our own signatures write it; a claim of the signer, used where nothing better is known. */
function claimedTime(text: string | undefined): Instant | undefined {
  const [, ...parts] = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '') ?? [];
  const [year, month, day, hour, minute, second] = parts;
  return parts.length === 0 ? undefined : parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`);
}

/** Judges one CMS of a PDF at its time stamp, at the recorded time `at`, or at the time that the signer claims. */
export const pdfCmsVerifier =
  (trust: TrustSet, at: (field: string) => Instant | undefined) =>
  async ({ cms, digest, signature }: CmsToVerify): Promise<CmsVerdict<SignerFact>> => {
    try {
      const stamped = carriesTimestamp(cms);
      const when: Instant | 'timestamp' | undefined = stamped
        ? 'timestamp'
        : (at(signature.fieldName) ?? claimedTime(signature.claimedTime));
      if (when === undefined) return { valid: false, reason: 'no time stamp and no recorded time of signing' };
      const verified = await verifyCms({ cms, contentDigest: digest, eContentType: OID.data, ...trust, at: when });
      return { valid: true, signer: signerFact(verified.signer) };
    } catch (error) {
      if (error instanceof DomainError) return { valid: false, reason: error.message };
      throw error;
    }
  };

type Listed = Member<'documents.json'>['documents'][number];

/** Kinds that somebody has to have signed. Attachments are the drafter's own and stand under the notice's hash. */
const SIGNED = ['tender-document', 'opening-record', 'report', 'award-notice', 'termination-notice', 'certificate'];

async function checkPdf({ archive, trust }: Context, listed: Listed): Promise<number> {
  const bytes = archive.bytes(`documents/${listed.sha256}`);
  if (bytes.length !== listed.length) refuse('E_ARCHIVE_PDF', 'another length than listed');
  if (listed.mediaType !== 'application/pdf' || (!SIGNED.includes(listed.kind) && listed.signatures.length === 0))
    return 0;
  const at = (field: string): Instant | undefined => {
    const found = listed.signatures.find((one) => one.field === field);
    return found === undefined ? undefined : parseInstant(found.at);
  };
  const verdict = await verifyPdf(bytes, { verifyCms: pdfCmsVerifier(trust, at) });
  if (!verdict.valid) refuse('E_ARCHIVE_PDF', verdict.failures.join('; '));
  const fields = readSignatures(bytes).map(({ fieldName }) => fieldName);
  for (const { field } of listed.signatures)
    if (!fields.includes(field)) refuse('E_ARCHIVE_PDF', `the listed signature ${field} is not in the file`);
  return verdict.signatures.length;
}

/** Every PDF as signed: chain at signing or time stamp, nothing after the signature, the tender document the notice's own. */
export async function checkDocuments(
  context: Context,
  { notice }: Pick<BaseFacts, 'notice'>,
  check: Check,
): Promise<StepResult<undefined>> {
  const { archive } = context;
  const { documents } = archive.member('documents.json');
  let signatures = 0;
  const included = documents.filter((one) => one.included);
  for (const listed of included)
    signatures += (await check(`${listed.name} documents/${listed.sha256}`, () => checkPdf(context, listed))) ?? 0;
  for (const { path } of archive.container.index.members)
    if (path.startsWith('documents/'))
      await check(path, () => {
        if (!included.some(({ sha256 }) => path === `documents/${sha256}`))
          refuse('E_ARCHIVE_PDF', 'not listed in documents.json');
      });
  await check('tender document', () => {
    const { sha256 } = needed(notice, 'notice').notice.document;
    if (!archive.has(`documents/${sha256}`)) refuse('E_ARCHIVE_MEMBER_MISSING', 'the document of the notice');
    if (sha256Hex(archive.bytes(`documents/${sha256}`)) !== sha256)
      refuse('E_ARCHIVE_PDF', 'not the bytes that the notice names');
  });
  return { value: undefined, detail: `${included.length} files, ${signatures} signatures` };
}
