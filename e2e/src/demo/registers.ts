import { fromBase64, fromHex, toHex } from '@qej/kernel';
import { holderGroupOf, openAcceptance, openRegister, openSealMessage, parseRelease } from '@qej/sealed-bid';
import type { SignedAcceptance } from '@qej/sealed-bid';
import { nodeProvider as provider } from '@qej/sealed-bid/node';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Members {
  readonly 'notice.json': {
    readonly suite: string;
    readonly openingMode: 'joint' | 'group';
    readonly lots: readonly { readonly lotId: string }[];
  };
  readonly 'acceptances.json': {
    readonly acceptances: readonly { readonly acceptance: string; readonly proof: string }[];
  };
  readonly 'releases.json': { readonly releases: readonly { readonly release: string }[] };
  readonly 'seals.json': { readonly seals: readonly { readonly message: string; readonly envelope: string }[] };
}

/**
 * The manifests as their bidders signed them, CMS with the content inside, DER: the registers of a full archive are opened again with the
 * holders' released keys.
 * @param folder members of an archive that `./qej verify --extract` has checked and written
 */
export async function manifestsOf(folder: string): Promise<readonly Uint8Array[]> {
  const bytesOf = (name: string): Promise<Buffer> => readFile(join(folder, name));
  const read = async <K extends keyof Members>(name: K): Promise<Members[K]> =>
    JSON.parse((await bytesOf(name)).toString('utf8')) as Members[K]; // checked before
  const notice = await read('notice.json');
  const signed: SignedAcceptance[] = [];
  for (const one of (await read('acceptances.json')).acceptances) {
    const acceptance = { bytes: fromBase64(one.acceptance), proof: fromBase64(one.proof) };
    if ((await openAcceptance(provider, acceptance)).stage === 'register') signed.push(acceptance);
  }
  const group = await holderGroupOf(provider, signed);
  const holders = (await openAcceptance(provider, signed[0]!)).holders;
  const released = new Map(
    (await read('releases.json')).releases
      .map(({ release }) => parseRelease(fromBase64(release)))
      .filter(({ stage }) => stage === 'register')
      .map(({ holderId, x }) => [holders.indexOf(holderId), fromHex(x)] as const),
  );
  const noticeHash = toHex(
    new Uint8Array(
      createHash('sha256')
        .update(await bytesOf('notice.json'))
        .digest(),
    ),
  );
  const manifests: Uint8Array[] = [];
  for (const seal of (await read('seals.json')).seals) {
    const message = await openSealMessage(provider, fromBase64(seal.message));
    const expected = {
      suite: notice.suite,
      noticeHash,
      lotId: notice.lots[0]?.lotId ?? '',
      opening: notice.openingMode,
      ...group,
    } as Parameters<typeof openRegister>[1]['expected'];
    const { record } = await openRegister(provider, {
      message,
      envelope: fromBase64(seal.envelope),
      expected,
      released,
    });
    manifests.push(fromBase64(record.manifestCms));
  }
  return manifests;
}
