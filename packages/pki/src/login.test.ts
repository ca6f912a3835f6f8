import test from 'ava';
import { DomainError, plusMs, toHex, utf8 } from '@qej/kernel';
import { NOW, newAuthority } from '../test/authority.ts';
import {
  getPurpose,
  loginBytes,
  purposeBytes,
  purposeOfContentType,
  purposes,
  signLogin,
  signPurpose,
  verifyLogin,
  verifyPurpose,
} from './index.ts';

const ca = await newAuthority();
const signer = await ca.signer('expert-sign');
const expected = { origin: 'https://qej.example', nonce: 'bm9uY2U=' };
const challenge = { ...expected, expiresAt: plusMs(NOW, 60_000) };
const signature = await signLogin(signer, challenge);
const request = {
  certificate: signer.certificate.der,
  challenge,
  signature,
  expected,
  roots: ca.roots,
  intermediates: ca.intermediates,
  crls: ca.crls,
  at: NOW,
};
const refused = (code: string) => ({ instanceOf: DomainError, code });

test('a log-in names its origin, nonce and end in canonical JSON', async (t) => {
  t.is(
    new TextDecoder().decode(loginBytes(challenge)),
    '{"expiresAt":"2026-11-23T05:01:00.000Z","nonce":"bm9uY2U=","origin":"https://qej.example"}',
  );
  t.is((await verifyLogin(request)).path[0]?.subject.commonName, '王小明');
});

test('a log-in for another origin, an old nonce, too late, or changed is refused', async (t) => {
  await t.throwsAsync(
    verifyLogin({ ...request, expected: { ...expected, origin: 'https://evil.example' } }),
    refused('E_LOGIN_ORIGIN'),
  );
  await t.throwsAsync(verifyLogin({ ...request, expected: { ...expected, nonce: 'AAAA' } }), refused('E_LOGIN_NONCE'));
  await t.throwsAsync(verifyLogin({ ...request, at: plusMs(NOW, 60_001) }), refused('E_LOGIN_EXPIRED'));
  await t.throwsAsync(
    verifyLogin({ ...request, challenge: { ...challenge, expiresAt: plusMs(NOW, 90_000) } }),
    refused('E_SIGNATURE'),
  );
});

test('a seal does not log anybody in', async (t) => {
  const sealer = await ca.signer('bank-seal');
  await t.throwsAsync(
    verifyLogin({ ...request, certificate: sealer.certificate.der, signature: await signLogin(sealer, challenge) }),
    refused('E_CERT_USAGE'),
  );
});

test('the purpose stands before the payload, and no signature passes for another purpose', async (t) => {
  t.is(toHex(purposeBytes('qej-login/1', Uint8Array.of(1))), `${toHex(utf8('qej-login/1'))}0001`);
  const release = await signPurpose(signer, 'qej-release/1', loginBytes(challenge));
  await t.notThrowsAsync(verifyPurpose(signer.certificate, 'qej-release/1', loginBytes(challenge), release));
  await t.throwsAsync(
    verifyPurpose(signer.certificate, 'qej-login/1', loginBytes(challenge), release),
    refused('E_SIGNATURE'),
  );
});

test('the list of purposes is closed, each with its own content type and both languages', (t) => {
  t.throws(() => getPurpose('qej-transfer/1'), refused('E_PURPOSE'));
  t.throws(() => getPurpose('toString'), refused('E_PURPOSE'));
  t.throws(() => purposeOfContentType('1.2.3'), refused('E_PURPOSE'));
  t.is(new Set(purposes.map(({ eContentType }) => eContentType)).size, purposes.length);
  for (const { purpose, eContentType, zh, en } of purposes) {
    t.is(purposeOfContentType(eContentType).purpose, purpose);
    t.regex(zh, /[\u4e00-\u9fff]/);
    t.regex(en, /^[A-Z]/);
  }
});
