import { formatInstant } from '@qej/kernel';
import { verifyTimestamp } from '@qej/pki';
import { isFullOnly, isKnownMember } from '../archive-members.ts';
import type { Archive } from '../archive.ts';
import { refuse } from '../codes.ts';
import { sha256Hex } from '../container.ts';
import type { Check, StepResult } from '../report.ts';
import { verifyAct } from '../trust-set.ts';
import type { SignerFact } from '../trust-set.ts';
import type { Context } from './context.ts';

/** Every member has the bytes of the index, only known members are there, and the file's check value holds. */
export async function checkMembers(archive: Archive, check: Check): Promise<StepResult<undefined>> {
  const { container, profile } = archive;
  const damaged = new Set(container.damaged);
  for (const { path } of container.index.members) {
    await check(path, () => {
      if (damaged.has(path)) refuse('E_ARCHIVE_MEMBER', 'the bytes are not those of the index');
      if (!isKnownMember(path)) refuse('E_ARCHIVE_MEMBER_UNKNOWN', 'no such member in this version');
      if (profile === 'public' && isFullOnly(path))
        refuse('E_ARCHIVE_MEMBER_UNKNOWN', 'must not stand in a public archive');
      const named = path.startsWith('documents/') ? path.slice('documents/'.length) : undefined;
      if (named !== undefined && sha256Hex(archive.bytes(path)) !== named)
        refuse('E_ARCHIVE_MEMBER', 'the name is not the hash of the bytes');
    });
  }
  await check('check value', () => {
    if (!container.checksumHolds && damaged.size === 0)
      refuse('E_ARCHIVE_CHECKSUM', 'seal, time stamp or the check value at the end was changed');
  });
  return { value: undefined, detail: `${container.index.members.length} members` };
}

/** The platform's seal over the index, the time stamp over index and seal. */
export async function checkSeal(
  { archive, trust, at }: Context,
  check: Check,
): Promise<StepResult<SignerFact | undefined>> {
  const { indexBytes, seal, token, stamped } = archive.container;
  const stamp = await check('time stamp', () => verifyTimestamp({ token, content: stamped, ...trust.timestamp }));
  const signer = await check('seal', () =>
    verifyAct(trust, {
      purpose: 'qej-archive/1',
      content: indexBytes,
      cms: seal,
      at: stamp?.genTime ?? archive.createdAt,
    }),
  );
  await check('seal', () => {
    if (signer !== undefined && signer.certificate.profile !== 'platform-seal')
      refuse('E_ARCHIVE_SEAL', 'not signed by the seal of a platform');
  });
  await check('time', () => {
    if (archive.createdAt > at) refuse('E_ARCHIVE_TIMESTAMP', 'made later than the time of this verification');
    if (stamp !== undefined && Math.abs(stamp.genTime - archive.createdAt) > 60_000)
      refuse('E_ARCHIVE_TIMESTAMP', 'stamped more than a minute from the time that the index says');
  });
  const when = stamp === undefined ? '' : formatInstant(stamp.genTime);
  return { value: signer, detail: `${signer?.organization ?? ''} ${when}` };
}
