import test from 'ava';
import { DomainError, plusMs, utf8 } from '@qej/kernel';
import { NOW, newAuthority, openssl } from '../test/authority.ts';
import {
  OID,
  buildTimestampRequest,
  getPurpose,
  grantTimestamp,
  localTsaPolicy,
  newTimestampNonce,
  parseTimestampRequest,
  parseTimestampResponse,
  peekTimestamp,
  rejectTimestamp,
  signCms,
  signTimestampToken,
  toPem,
  verifyTimestamp,
} from './index.ts';
import type { TokenInput } from './index.ts';
import { sha256 } from './verify-signature.ts';

const ca = await newAuthority();
const tsa = await ca.signer('tsa');
const content = utf8('回执 receipt');
const digest = await sha256(content);
const genTime = plusMs(NOW, 7);
const stamp = (extra: Partial<TokenInput> = {}): Promise<Uint8Array> =>
  signTimestampToken({
    digest,
    policyOid: localTsaPolicy,
    genTime,
    serial: Uint8Array.of(0x41, 2, 3),
    accuracyMs: 1500,
    signer: tsa,
    ...extra,
  });
const token = await stamp();
const policy = { roots: ca.roots, policyOids: [localTsaPolicy], crls: ca.crls } as const;
const refused = (code: string) => ({ instanceOf: DomainError, code });
const files = { 'token.der': token, 'content.bin': content, 'root.pem': toPem(ca.root.certificate.der) };

test('a token says when, by whom and under which policy, to the millisecond', async (t) => {
  const result = await verifyTimestamp({ token, content, ...policy });
  t.is(result.genTime, genTime);
  t.is(peekTimestamp(token), genTime);
  t.is(result.accuracyMs, 1500);
  t.is(result.serial, '410203');
  t.is(result.tsa.profile, 'tsa');
  t.is((await verifyTimestamp({ token, digest, ...policy })).policyOid, localTsaPolicy);
});

test('openssl ts -verify accepts the token', async (t) => {
  t.regex(
    await openssl(
      [
        'ts',
        '-verify',
        '-token_in',
        '-in',
        'token.der',
        '-data',
        'content.bin',
        '-CAfile',
        'root.pem',
        '-attime',
        String(NOW / 1000),
      ],
      files,
    ),
    /Verification: OK/,
  );
});

test('a query is understood, and openssl accepts the reply to it', async (t) => {
  const query = buildTimestampRequest({ digest, nonce: newTimestampNonce(), policyOid: localTsaPolicy });
  const request = parseTimestampRequest(query);
  t.deepEqual(request.digest, digest);
  t.true(request.wantsCertificate);
  const reply = grantTimestamp(await stamp({ nonce: request.nonce }));
  t.regex(
    await openssl(
      [
        'ts',
        '-verify',
        '-queryfile',
        'query.tsq',
        '-in',
        'reply.tsr',
        '-CAfile',
        'root.pem',
        '-attime',
        String(NOW / 1000),
      ],
      { ...files, 'query.tsq': query, 'reply.tsr': reply },
    ),
    /Verification: OK/,
  );
  t.notThrows(() => parseTimestampResponse(reply));
});

test('another digest, nonce or policy is refused', async (t) => {
  const nonce = newTimestampNonce();
  const answered = await stamp({ nonce });
  await t.notThrowsAsync(verifyTimestamp({ token: answered, content, nonce, ...policy }));
  await t.throwsAsync(
    verifyTimestamp({ token: answered, content, nonce: newTimestampNonce(), ...policy }),
    refused('E_TSP_NONCE'),
  );
  await t.throwsAsync(verifyTimestamp({ token, content, nonce, ...policy }), refused('E_TSP_NONCE'));
  await t.throwsAsync(verifyTimestamp({ token, content: utf8('other'), ...policy }), refused('E_TSP_DIGEST'));
  await t.throwsAsync(verifyTimestamp({ token, content, ...policy, policyOids: ['1.2.3'] }), refused('E_TSP_POLICY'));
});

test('only a certificate whose sole, critical purpose is time stamping may stamp', async (t) => {
  const bidder = await ca.signer('bidder-sign');
  const fake = await stamp({ signer: bidder });
  await t.throwsAsync(verifyTimestamp({ token: fake, content, ...policy }), refused('E_CERT_USAGE'));
});

test('an ordinary signature is not a time stamp', async (t) => {
  const cms = await signCms({ content, eContentType: getPurpose('qej-receipt/1').eContentType, signer: tsa });
  await t.throwsAsync(verifyTimestamp({ token: cms, content, ...policy }), refused('E_CMS_CONTENT_TYPE'));
  const empty = await signCms({ content: utf8('no TSTInfo'), eContentType: OID.tstInfo, signer: tsa });
  await t.throwsAsync(verifyTimestamp({ token: empty, content, ...policy }), refused('E_DER'));
});

test('a stamp outside the life of its authority is refused', async (t) => {
  const late = await stamp({ genTime: plusMs(tsa.certificate.notAfter, 2000) });
  await t.throwsAsync(verifyTimestamp({ token: late, content, ...policy }), refused('E_CERT_EXPIRED'));
});

test('a rejection reaches the caller with the words of the authority', (t) => {
  const error = t.throws(
    () => parseTimestampResponse(rejectTimestamp('unacceptedPolicy', 'policy is not offered')),
    refused('E_TSP_REJECTED'),
  );
  t.regex(error?.message ?? '', /policy is not offered/);
});
