/** Writes docs/formats/vectors/guarantee-envelope.json anew: `node services/bank/src/testing/make-vectors.ts`. Randomised, so each run differs. */
import { envelopeInfo, sealEnvelope } from '@qej/guarantees';
import type { EnvelopeContext } from '@qej/guarantees';
import { toBase64, toHex, utf8 } from '@qej/kernel';
import { nodeProvider } from '@qej/sealed-bid/node';
import { writeFileSync } from 'node:fs';

const context: EnvelopeContext = { kind: 'quote', guarantorId: '913702020000000070', orderId: '6'.repeat(32) };
const scalar = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
const point = await nodeProvider.publicKeyOf(scalar);
if (point === undefined) throw new Error('scalar');
const bytes = utf8('保函报价 quote');
const envelope = await sealEnvelope(nodeProvider.wrap, { recipient: point, context }, bytes);
const vector = {
  scalar: toHex(scalar),
  point: toHex(point),
  context,
  info: toHex(envelopeInfo(context)),
  envelope: toBase64(envelope),
  bytes: toHex(bytes),
};
writeFileSync(
  new URL('../../../../docs/formats/vectors/guarantee-envelope.json', import.meta.url),
  `${JSON.stringify(vector, undefined, 1)}\n`,
);
