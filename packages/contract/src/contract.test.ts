import { DomainError } from '@qej/kernel';
import { roles as identityRoles } from '@qej/identity';
import { Validator } from '@seriousme/openapi-schema-validator';
import test from 'ava';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { api, ApiError, errorCatalogue, errorTextOf, intakeApi, makeClient, openApiDocument, roles } from './index.ts';

test('the OpenAPI documents of both origins are valid 3.1', async (t) => {
  for (const routes of [api, intakeApi]) {
    const verdict = await new Validator().validate(openApiDocument(routes, 'QingEJian'));
    t.true(verdict.valid, JSON.stringify(verdict.errors));
  }
});

test('the contract knows exactly the roles of the identity domain', (t) => {
  t.deepEqual([...roles], [...identityRoles]);
});

test('no two routes share method and path, and each names its parameters in its schema', (t) => {
  const seen = new Set<string>();
  for (const [name, route] of Object.entries(api)) {
    const key = `${route.method} ${route.path.replaceAll(/:\w+/g, ':')}`;
    t.false(seen.has(key), key);
    seen.add(key);
    const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, parameter]) => parameter ?? '').sort();
    const inSchema = 'params' in route ? Object.keys(route.params.shape).sort() : [];
    t.deepEqual(inPath, inSchema, name);
  }
});

test('every error has a status, a title and a mend in both languages', (t) => {
  for (const [code, { status, title, mend }] of Object.entries(errorCatalogue)) {
    t.true(status >= 400 && status < 600, code);
    for (const text of [title.zh, title.en, mend.zh, mend.en]) t.true(text.length > 3, code);
  }
  t.is(errorTextOf('E_WINDOW_OVER')?.status, 422, 'a domain’s own code takes its domain’s words');
  t.is(errorTextOf('E_NOBODY_KNOWS'), undefined);
});

test('a refusal reaches the caller as an ApiError with code, status and reference', async (t) => {
  const problem = { type: 'x', title: 'no', status: 409, code: 'E_STATE', reference: 'abc' };
  const server = createServer((_request, response) => {
    response.writeHead(409, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify(problem));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = makeClient(api, { origin: `http://127.0.0.1:${port}` });
  const error = await t.throwsAsync(client.getServerTime({}), { instanceOf: ApiError, code: 'E_STATE' });
  t.true(error instanceof DomainError && error.problem.reference === 'abc' && error.status === 409);
  server.close();
});
