import test from 'ava';
import fc from 'fast-check';
import { KEYRING_PROTOCOL, readReply, readRequest } from './protocol.ts';

const title = { zh: '题', en: 'title' };
const bytes = new Uint8Array(32);
const asks: Readonly<Record<string, object>> = {
  sign: { title, purpose: 'qej-confirm/1', content: bytes },
  'sign-digest': { title, digest: bytes },
  certificates: { title },
  'unwrap-half': {
    title,
    wrappedSecret: bytes,
    registerContext: bytes,
    stages: [{ stage: 'price', context: bytes, halfCommit: bytes }],
  },
  decrypt: { title, envelope: bytes, info: bytes },
};
const requestOf = (kind: string, ask: object): object => ({
  protocol: KEYRING_PROTOCOL,
  type: 'request',
  id: 'a',
  kind,
  ask,
});

test('every kind of request is read', (t) => {
  for (const [kind, ask] of Object.entries(asks)) t.true(readRequest(requestOf(kind, ask))?.kind === kind, kind);
});

test('a request without one of its members is not read', (t) => {
  for (const [kind, ask] of Object.entries(asks)) {
    for (const member of Object.keys(ask)) {
      const without = Object.fromEntries(Object.entries(ask).filter(([name]) => name !== member));
      t.is(readRequest(requestOf(kind, without)), undefined, `${kind} without ${member}`);
    }
    for (const member of ['protocol', 'type', 'id', 'kind', 'ask']) {
      const without = Object.fromEntries(Object.entries(requestOf(kind, ask)).filter(([name]) => name !== member));
      t.is(readRequest(without), undefined, `${kind} without ${member}`);
    }
  }
});

test('another protocol, a foreign kind, a short digest and a malformed fingerprint are not read', (t) => {
  t.is(readRequest({ ...requestOf('certificates', { title }), protocol: 'qej-keyring/2' }), undefined);
  t.is(readRequest(requestOf('constructor', { title })), undefined);
  t.is(readRequest(requestOf('sign-digest', { title, digest: new Uint8Array(31) })), undefined);
  t.is(readRequest({ ...requestOf('certificates', { title }), fingerprint: 'ff' }), undefined);
});

test('whatever a window posts, reading it never throws', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        readReply(data);
        return readRequest(data) === undefined;
      }),
      { numRuns: 500 },
    );
  });
});

test('an answer without a value is a failure', (t) => {
  const reply = readReply({ protocol: KEYRING_PROTOCOL, type: 'answer', id: 'a', ok: true });
  t.deepEqual(reply, { protocol: KEYRING_PROTOCOL, type: 'answer', id: 'a', ok: false, code: 'E_KEYRING_FAILED' });
});
