import * as z from 'zod';
import type { Api } from './client.ts';
import { errorCatalogue } from './errors.ts';
import type { RouteDefinition } from './route.ts';

type Doc = Record<string, unknown>;
const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Doc => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Doc;
  return rest;
};

function parametersOf(route: RouteDefinition): Doc[] {
  const list = (schema: z.ZodObject | undefined, where: 'path' | 'query'): Doc[] =>
    Object.entries(schema?.shape ?? {}).map(([name, member]) => ({
      name,
      in: where,
      required: where === 'path' || !(member as z.ZodType).safeParse(undefined).success,
      schema: schemaOf(member as z.ZodType, 'input'),
    }));
  return [...list(route.params, 'path'), ...list(route.query, 'query')];
}

function operation(name: string, route: RouteDefinition): Doc {
  const refusals = new Map<number, string[]>();
  for (const code of route.errors) {
    const { status } = errorCatalogue[code];
    refusals.set(status, [...(refusals.get(status) ?? []), code]);
  }
  const content: Doc | undefined =
    route.bytesOut !== undefined
      ? { [route.bytesOut.mediaType]: { schema: { type: 'string', format: 'binary' } } }
      : route.response === undefined
        ? undefined
        : { 'application/json': { schema: schemaOf(route.response, 'output') } };
  const body: Doc | undefined =
    route.bytesIn !== undefined
      ? {
          required: true,
          content: { [route.bytesIn.mediaType]: { schema: { type: 'string', format: 'binary' } } },
        }
      : route.body === undefined
        ? undefined
        : {
            required: true,
            content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
          };
  return {
    operationId: name,
    summary: route.summary,
    'x-access': route.access,
    parameters: parametersOf(route),
    ...(body === undefined ? {} : { requestBody: body }),
    ...(route.access.kind === 'public' || route.access.kind === 'signed' ? { security: [] } : {}),
    responses: {
      [String(route.status ?? 200)]: {
        description: 'OK',
        ...(content === undefined ? {} : { content }),
      },
      ...Object.fromEntries(
        [...refusals].map(([status, codes]) => [
          String(status),
          {
            description: codes.join(', '),
            content: {
              'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
            },
          },
        ]),
      ),
    },
  };
}

const problem: Doc = {
  type: 'object',
  description: 'RFC 9457',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    reference: { type: 'string' },
  },
};

/** OpenAPI 3.1 for a set of routes, mounted below `/api`. */
export function openApiDocument(routes: Api, title: string): Doc {
  const paths: Record<string, Doc> = {};
  for (const [name, route] of Object.entries(routes)) {
    const path = `/api${route.path.replace(/:([A-Za-z]+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) };
  }
  return {
    openapi: '3.1.0',
    info: { title, version: '1' },
    paths,
    security: [{ session: [] }],
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'qej_session' } },
      schemas: { Problem: problem },
    },
  };
}
