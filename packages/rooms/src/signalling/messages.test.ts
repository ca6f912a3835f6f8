import test from 'ava';
import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { DomainError } from '@qej/kernel';
import { eventShapes } from './events.ts';
import { encodeMessage, parseRequest, parseResponseBody, parseServerMessage, requestIdOf } from './messages.ts';
import { requestKinds, type RequestKind } from './requests.ts';

const join = { type: 'request', id: '1', kind: 'join', body: { version: 1, rtpCapabilities: {} } };

test('A request is read as it was written', (t) => {
  t.deepEqual(parseRequest(JSON.stringify(join)), join as never);
});

for (const [what, message] of [
  ['an unknown member', { ...join, more: 1 }],
  ['an unknown member of the body', { ...join, body: { ...join.body, more: 1 } }],
  ['a missing member', { ...join, body: { version: 1 } }],
  ['an unknown kind', { ...join, kind: 'toString' }],
  ['a kind of Object.prototype', { ...join, kind: '__proto__' }],
  ['an id with other characters', { ...join, id: 'a b' }],
  ['a body that is a list', { ...join, body: [] }],
  [
    'a source that is unknown',
    {
      type: 'request',
      id: '1',
      kind: 'produce',
      body: { transportId: 't', source: 'toString', rtpParameters: {}, muted: false },
    },
  ],
  [
    'JSON nested too deep',
    {
      ...join,
      body: { version: 1, rtpCapabilities: JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`) as unknown },
    },
  ],
  ['no object', 7],
] as const) {
  test(`A request with ${what} is refused`, (t) => {
    t.throws(() => parseRequest(JSON.stringify(message)), { instanceOf: DomainError, code: 'E_ROOM_MESSAGE' });
  });
}

test('A prototype cannot be smuggled in', (t) => {
  t.throws(
    () =>
      parseRequest(
        '{"type":"request","id":"1","kind":"join","body":{"version":1,"rtpCapabilities":{"__proto__":{"x":1}}}}',
      ),
    { code: 'E_ROOM_MESSAGE' },
  );
});

test('Whatever arrives is either read or refused with a code', (t) => {
  const kinds = fc.constantFrom(...requestKinds, 'x');
  const frames = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({ type: fc.constantFrom('request', 'event'), id: fc.string(), kind: kinds, body: fc.jsonValue() })
      .map((each) => JSON.stringify(each)),
  );
  fc.assert(
    fc.property(frames, (frame) => {
      for (const read of [parseRequest, parseServerMessage]) {
        try {
          read(frame);
        } catch (error) {
          t.true(error instanceof DomainError, String(error));
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('The id of an unreadable request is found if there is one', (t) => {
  t.is(requestIdOf(JSON.stringify({ ...join, kind: 'nothing' })), '1');
  t.is(requestIdOf('{'), undefined);
});

test('Every example of the format page is read, and the page has one of every kind', async (t) => {
  const page = await readFile(new URL('../../../../docs/formats/room-signalling.md', import.meta.url), 'utf8');
  const seen = new Set<string>();
  let lastRequest: RequestKind | undefined;
  for (const [, line = ''] of page.matchAll(/^(?:→|←) `(\{.*\})`$/gm)) {
    const raw = JSON.parse(line) as { type: string; kind?: string };
    if (raw.type === 'request') {
      const request = parseRequest(line);
      lastRequest = request.kind;
      t.is(encodeMessage(request), line);
      seen.add(`→ ${request.kind}`);
    } else {
      const message = parseServerMessage(line);
      if (message.type === 'event') seen.add(`← ${message.kind}`);
      else if (message.ok && lastRequest !== undefined)
        t.notThrows(() => parseResponseBody(lastRequest as RequestKind, message.body));
    }
  }
  const wanted = [...requestKinds.map((kind) => `→ ${kind}`), ...Object.keys(eventShapes).map((kind) => `← ${kind}`)];
  t.deepEqual([...seen].toSorted(), wanted.toSorted());
});
