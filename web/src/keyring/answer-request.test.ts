import { walletInfo } from '@qej/client';
import { envelopeInfo } from '@qej/guarantees';
import { canonicalBytes, DomainError, utf8 } from '@qej/kernel';
import { getPurpose, OID, parseCertificate, verifyCms } from '@qej/pki';
import { bidderCommit, bidderHalf, sealMessage, webCryptoProvider } from '@qej/sealed-bid';
import test from 'ava';
import { newIdentity, NOW } from '../../test/identity.ts';
import { answerRequest, refusalOf } from './answer-request.ts';
import { KEYRING_PROTOCOL } from './protocol.ts';
import type { KeyringCalls, KeyringKind, KeyringRequest } from './protocol.ts';

const made = newIdentity();
const title = { zh: '测试', en: 'test' };
const ask = <K extends KeyringKind>(kind: K, question: Omit<KeyringCalls[K]['ask'], 'title'>): KeyringRequest =>
  ({ protocol: KEYRING_PROTOCOL, type: 'request', id: 'x', kind, ask: { title, ...question } }) as KeyringRequest;
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const pointOf = (certificate: Uint8Array): Uint8Array => {
  const { publicKey } = parseCertificate(certificate);
  if (publicKey.kind !== 'ec-p256') throw new Error('a P-256 certificate was issued');
  return publicKey.point;
};

test('a confirmed signature verifies for its purpose, its content and nothing else', async (t) => {
  const { identity, root } = await made;
  const content = canonicalBytes({ v: 1, tenderId: 'a'.repeat(32) });
  const { cms } = (await answerRequest(
    identity,
    ask('sign', { purpose: 'qej-confirm/1', content }),
  )) as KeyringCalls['sign']['answer'];
  const against = { cms, roots: [root], crls: 'not-checked', at: NOW } as const;
  const { eContentType } = getPurpose('qej-confirm/1');
  const { signer } = await verifyCms({ ...against, eContentType, content });
  t.deepEqual(signer.der, identity.certificate);
  const other = canonicalBytes({ v: 1, tenderId: 'b'.repeat(32) });
  await t.throwsAsync(verifyCms({ ...against, eContentType, content: other }), { instanceOf: DomainError });
  await t.throwsAsync(verifyCms({ ...against, eContentType: getPurpose('qej-award/1').eContentType, content }), {
    instanceOf: DomainError,
    code: 'E_CMS_CONTENT_TYPE',
  });
});

test('a PDF is signed over its digest as plain data', async (t) => {
  const { identity, root } = await made;
  const digest = random(32);
  const { cms } = (await answerRequest(
    identity,
    ask('sign-digest', { digest }),
  )) as KeyringCalls['sign-digest']['answer'];
  const { signer } = await verifyCms({
    cms,
    eContentType: OID.data,
    contentDigest: digest,
    roots: [root],
    crls: 'not-checked',
    at: NOW,
  });
  t.deepEqual(signer.der, identity.certificate);
});

async function wrapped(certificate: Uint8Array) {
  const [secret, registerContext, technical, price] = [random(32), random(32), random(32), random(32)];
  const wrappedSecret = await webCryptoProvider.wrap(pointOf(certificate), secret, registerContext, random(48));
  const stage = async (name: string, context: Uint8Array) => ({
    stage: name,
    context,
    halfCommit: await bidderCommit(webCryptoProvider, context, await bidderHalf(webCryptoProvider, secret, context)),
  });
  const stages = [await stage('technical', technical), await stage('price', price)];
  return { secret, wrappedSecret, registerContext, stages };
}

test('unwrapping gives away the halves of the named stages and never the secret', async (t) => {
  const { identity } = await made;
  const { secret, ...question } = await wrapped(identity.decrypt?.certificate ?? identity.certificate);
  const [technical] = question.stages;
  const answer = await answerRequest(
    identity,
    ask('unwrap-half', { ...question, stages: technical ? [technical] : [] }),
  );
  const { halves } = answer as KeyringCalls['unwrap-half']['answer'];
  t.deepEqual(Object.keys(answer), ['halves']);
  t.is(halves.length, 1);
  t.deepEqual(halves[0]?.half, await bidderHalf(webCryptoProvider, secret, technical?.context ?? secret));
});

test('a half that does not fit its commitment stays inside', async (t) => {
  const { identity } = await made;
  const { secret: _, ...question } = await wrapped(identity.decrypt?.certificate ?? identity.certificate);
  const stages = question.stages.map((stage) => ({ ...stage, halfCommit: random(32) }));
  await t.throwsAsync(answerRequest(identity, ask('unwrap-half', { ...question, stages })), {
    instanceOf: DomainError,
    code: 'E_BIDDER_HALF',
  });
});

test('a message sealed to the encryption certificate opens, with its own context only', async (t) => {
  const { identity } = await made;
  const recipient = pointOf(identity.decrypt?.certificate ?? identity.certificate);
  const info = utf8('order 1');
  const envelope = await sealMessage({ recipient, info }, utf8('{"premium":"120.00"}'));
  const { plain } = (await answerRequest(
    identity,
    ask('decrypt', { envelope, info }),
  )) as KeyringCalls['decrypt']['answer'];
  t.deepEqual(plain, utf8('{"premium":"120.00"}'));
  await t.throwsAsync(answerRequest(identity, ask('decrypt', { envelope, info: utf8('order 2') })), {
    instanceOf: DomainError,
    code: 'E_UNWRAP',
  });
});

test('an identity without an encryption key refuses what needs one', async (t) => {
  const { identity } = await made;
  const { decrypt: _, ...signOnly } = identity;
  await t.throwsAsync(answerRequest(signOnly, ask('decrypt', { envelope: random(100), info: random(4) })), {
    instanceOf: DomainError,
    code: 'E_KEYRING_IDENTITY',
  });
});

test('wallets and guarantee envelopes are opened for the page; the wrapped secret of a bid never is', (t) => {
  const envelope = random(200);
  const refused = (info: Uint8Array) => refusalOf(ask('decrypt', { envelope, info }), 'https://qej.example');
  t.is(refused(walletInfo), undefined);
  const context = { guarantorId: 'a'.repeat(32), orderId: 'b'.repeat(32) };
  for (const kind of ['application', 'quote', 'certificate'] as const)
    t.is(refused(envelopeInfo({ kind, ...context })), undefined);
  t.is(refused(random(32)), 'unknownPurpose');
  t.is(refused(utf8('qej-wallet/1x')), 'unknownPurpose');
  t.is(refused(utf8('qej-guarantee-envelope/12')), 'unknownPurpose');
  t.is(refused(new Uint8Array(0)), 'unknownPurpose');
});

test('unknown purposes, bare PDF purposes and log-ins to another site are refused without asking', (t) => {
  const app = 'https://qej.example';
  const login = (origin: string): KeyringRequest =>
    ask('sign', { purpose: 'qej-login/1', content: canonicalBytes({ origin, nonce: 'n', expiresAt: 'e' }) });
  t.is(refusalOf(login(app), app), undefined);
  t.is(refusalOf(login('https://evil.example'), app), 'wrongOrigin');
  t.is(refusalOf(ask('sign', { purpose: 'qej-login/1', content: utf8('no json') }), app), 'wrongOrigin');
  t.is(refusalOf(ask('sign', { purpose: 'qej-transfer/1', content: utf8('x') }), app), 'unknownPurpose');
  t.is(refusalOf(ask('sign', { purpose: 'toString', content: utf8('x') }), app), 'unknownPurpose');
  t.is(refusalOf(ask('sign', { purpose: 'qej-pdf/1', content: utf8('x') }), app), 'unknownPurpose');
});
