import test from 'ava';
import { DomainError, utf8 } from '@qej/kernel';
import { localTsaPolicy, parseTimestampResponse, toPem, verifyTimestamp } from '@qej/pki';
import { NOW, newCa, openssl } from '../test/shared-ca.ts';
import { createTsa, openServerSigner } from './index.ts';

const { ca, clock, directory, remove } = await newCa();
const signer = await openServerSigner({
  ca,
  directory,
  name: 'tsa',
  profile: 'tsa',
  subject: { country: 'CN', organization: '演示时间戳', commonName: 'Demo TSA' },
});
const tsa = createTsa({ signer, clock });
const content = utf8('receipt');
const files = { 'content.bin': content, 'root.pem': toPem(ca.root.der) };
const attime = ['-attime', String(NOW / 1000)];

test.after.always(remove);

test('a query of openssl is answered, and openssl accepts the answer', async (t) => {
  const query = await openssl(
    ['ts', '-query', '-data', 'content.bin', '-sha256', '-cert', '-tspolicy', localTsaPolicy],
    files,
  );
  const reply = await tsa.handle(query);
  const output = await openssl(
    ['ts', '-verify', '-queryfile', 'query.tsq', '-in', 'reply.tsr', '-CAfile', 'root.pem', ...attime],
    { ...files, 'query.tsq': query, 'reply.tsr': reply },
  );
  t.regex(output.toString(), /Verification: OK/);
  const verified = await verifyTimestamp({
    token: parseTimestampResponse(reply),
    content,
    roots: ca.roots,
    policyOids: [localTsaPolicy],
    crls: await ca.crls(),
  });
  t.is(verified.genTime, NOW);
});

test('in process two stamps of one digest carry different random serials', async (t) => {
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', content));
  const policy = { roots: ca.roots, policyOids: [tsa.policyOid], crls: await ca.crls() };
  const [a, b] = await Promise.all(
    [0, 1].map(async () => verifyTimestamp({ token: await tsa.timestamp(digest), digest, ...policy })),
  );
  t.not(a?.serial, b?.serial);
  t.is(a?.serial.length, 32);
});

const rejected = { instanceOf: DomainError, code: 'E_TSP_REJECTED' };

test('a foreign policy, another hash and rubbish are rejected in the protocol, not by an exception', async (t) => {
  const policy = await openssl(['ts', '-query', '-data', 'content.bin', '-sha256', '-tspolicy', '1.2.3.4'], files);
  const sha1 = await openssl(['ts', '-query', '-data', 'content.bin', '-sha1'], files);
  for (const query of [policy, sha1, utf8('rubbish'), new Uint8Array(5000)]) {
    const reply = await tsa.handle(query);
    t.throws(() => parseTimestampResponse(reply), rejected);
    t.regex(
      (await openssl(['ts', '-reply', '-in', 'reply.tsr', '-text'], { 'reply.tsr': reply })).toString(),
      /Status: Rejected/,
    );
  }
});
