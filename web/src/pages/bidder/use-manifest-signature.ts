import { attachManifest } from '@qej/client';
import { DomainError, equalBytes, fromBase64, fromHex } from '@qej/kernel';
import { parseSignedData } from '@qej/pki';
import { bidderHalf, parseRescue, webCryptoProvider } from '@qej/sealed-bid';
import type { BidderDecrypter } from '@qej/sealed-bid';
import { shallowRef } from 'vue';
import type { useSigner } from '../../composables/use-signer.ts';
import { useGate } from './use-gate.ts';

type Signer = ReturnType<typeof useSigner>;
const manifestTitle = { zh: '签署投标清单并封标', en: 'Sign the manifest and seal the bid' };
const trialTitle = {
  zh: '试开：确认您的证书能解密这份投标',
  en: 'Trial: prove that your certificate can decrypt this bid',
};

/** The person's signature at the end of a long upload: waits for the click, and asks again after a refusal. */
export function useManifestSignature(signer: Signer) {
  const gate = useGate();
  const error = shallowRef<unknown>();
  /** @param owner DER of the certificate that must sign @returns the CMS as the register carries it */
  const sign = async (manifest: Uint8Array, owner: Uint8Array): Promise<Uint8Array> => {
    for (;;) {
      await gate.wait();
      try {
        signer.open();
        const cms = fromBase64(await signer.sign('qej-manifest/1', manifest, manifestTitle));
        if (!equalBytes(parseSignedData(cms).signer.der, owner))
          throw new DomainError('E_CERT_UNBOUND', { detail: 'another certificate than the bound one signed' });
        error.value = undefined;
        return attachManifest(cms, manifest);
      } catch (failure) {
        if (!(failure instanceof DomainError)) throw failure;
        error.value = failure;
      }
    }
  };
  return { gate, error, sign };
}

/** The keyring never gives B away: that it derives the same halves is the proof, and B is known here from the rescue file. */
export const trialDecrypter = (signer: Signer, rescue: () => Uint8Array | undefined): BidderDecrypter => ({
  unwrap: async (wrapped, ctx) => {
    const { B, stages } = parseRescue(rescue() ?? new Uint8Array());
    const asked = stages.map(({ stage, ctx: context, cb }) => ({
      stage,
      context: fromHex(context),
      halfCommit: fromHex(cb),
    }));
    const unwrap = { wrappedSecret: new Uint8Array(wrapped), registerContext: new Uint8Array(ctx), stages: asked };
    const { halves } = await signer.unwrapHalves(unwrap, trialTitle);
    const secret = fromBase64(B);
    for (const { stage, context } of asked) {
      const given = halves.find((half) => half.stage === stage)?.half;
      if (given === undefined || !equalBytes(given, await bidderHalf(webCryptoProvider, secret, context)))
        throw new DomainError('E_TRIAL', { detail: `the keyring gave another half of ${stage}` });
    }
    return secret;
  },
});
