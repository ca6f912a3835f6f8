import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import jsQR from 'jsqr';
import { DomainError, instant, money } from '@qej/kernel';
import { guarantee } from './fixtures.ts';
import {
  encodeGuaranteeQr,
  guaranteeQrSigningBytes,
  type GuaranteeQr,
  parseGuaranteeQr,
  renderGuaranteeCertificate,
} from './index.ts';
import { inDirectory } from './test-authority.ts';

const payloads = fc.record({
  number: fc.string({ minLength: 1, maxLength: 16 }),
  commitment: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  amount: fc.bigInt({ min: 0n, max: 9_007_199_254_740_991n }).map((minor) => money(minor)),
  expiresAt: fc.integer({ min: 0, max: 8.64e15 }).map(instant),
  signature: fc.uint8Array({ minLength: 1, maxLength: 384 }),
});

const plain = (qr: GuaranteeQr): unknown => ({ ...qr, commitment: [...qr.commitment], signature: [...qr.signature] });

test('a payload parses back to its fields and begins with the signed bytes', (t) => {
  fc.assert(
    fc.property(payloads, (qr) => {
      const text = encodeGuaranteeQr(qr);
      t.deepEqual(plain(parseGuaranteeQr(text)), plain(qr));
      t.true(text.startsWith(`${Buffer.from(guaranteeQrSigningBytes(qr)).toString('utf8')}.`));
    }),
  );
});

test('the vector of docs/formats/guarantee-qr.md holds', (t) => {
  const text = encodeGuaranteeQr({
    number: 'QBG2026112300000017',
    commitment: new Uint8Array(32).fill(7),
    amount: money(80_000_000n),
    expiresAt: instant(1_805_605_200_000),
    signature: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7),
  });
  t.is(
    text,
    'qej-g1/UUJHMjAyNjExMjMwMDAwMDAxNw.BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc.AAAAAATEtAA.AAABpGZ04IA.AAECAwQFBgc',
  );
});

test('other versions, other spellings and other counts of fields are refused', (t) => {
  const text = encodeGuaranteeQr({
    number: 'B1',
    commitment: new Uint8Array(32),
    amount: money(1n),
    expiresAt: instant(1),
    signature: new Uint8Array(64),
  });
  for (const wrong of [
    '',
    text.replace('g1', 'g2'),
    `${text}.AA`,
    text.replace('.', ','),
    `${text}=`,
    text.slice(0, text.lastIndexOf('.')),
    ` ${text}`,
  ]) {
    t.throws(() => parseGuaranteeQr(wrong), { instanceOf: DomainError, code: 'E_QR_PAYLOAD' }, wrong);
  }
});

/** The whole second page as jsQR takes it. */
function page(pdf: Uint8Array, number: number): { pixels: Uint8ClampedArray; width: number; height: number } {
  const ppm = inDirectory((directory) => {
    writeFileSync(join(directory, 'a.pdf'), pdf);
    execFileSync('pdftoppm', [
      '-r',
      '200',
      '-f',
      String(number),
      '-l',
      String(number),
      '-singlefile',
      join(directory, 'a.pdf'),
      join(directory, 'a'),
    ]);
    return readFileSync(join(directory, 'a.ppm'));
  });
  const [, width = 0, height = 0] = (/^P6\n(\d+) (\d+)\n255\n/.exec(ppm.subarray(0, 40).toString('latin1')) ?? []).map(
    Number,
  );
  const rgb = ppm.subarray(ppm.length - width * height * 3);
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let index = 0; index < width * height; index++) pixels.set(rgb.subarray(index * 3, index * 3 + 3), index * 4);
  return { pixels, width, height };
}

test('the code on a printed certificate is read by a scanner, with a short and with an RSA signature', async (t) => {
  for (const length of [64, 384]) {
    const qrPayload = encodeGuaranteeQr({
      ...parseGuaranteeQr(guarantee.qrPayload),
      signature: new Uint8Array(length).fill(0xa7),
    });
    const { pixels, width, height } = page(
      await renderGuaranteeCertificate({ ...guarantee, qrPayload }, { demo: true }),
      2,
    );
    const scan = typeof jsQR === 'function' ? jsQR : (jsQR as unknown as { default: typeof jsQR.default }).default; // CommonJS default
    t.is(scan(pixels, width, height)?.data, qrPayload);
  }
});
