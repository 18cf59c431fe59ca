import { z } from 'zod';
import type { RestOperation } from './rest.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of every operation that has a REST route, from the very schemas that check its input and output. */
export function openApiDocument(
  operations: readonly RestOperation[],
  info: { version: string; serverUrl: string },
): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    if (operation.rest === undefined) continue;
    const path = (paths[operation.rest.path] ??= {});
    path[operation.rest.method.toLowerCase()] = operationObject(operation, operation.rest);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Bailiwick', version: info.version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: `${info.serverUrl}/api/v1` }],
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, as the console or `bailiwick api-key create` shows it once.',
        },
      },
      schemas: { Problem: problemSchema },
    },
  };
}

function operationObject(operation: RestOperation, rest: NonNullable<RestOperation['rest']>): Json {
  const input = jsonSchema(operation.input, 'input');
  const properties = (input['properties'] ?? {}) as Record<string, Json>;
  const required = new Set((input['required'] ?? []) as string[]);
  const inPath = new Set([...rest.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''));
  const readsQuery = rest.method === 'GET' || rest.method === 'DELETE' || operation.kind === 'upload';
  const parameters: Json[] = [];
  for (const [name, schema] of Object.entries(properties)) {
    if (inPath.has(name)) parameters.push({ name, in: 'path', required: true, schema });
    else if (readsQuery) parameters.push({ name, in: 'query', required: required.has(name), schema });
  }
  if (operation.kind === 'command' && rest.method === 'POST')
    parameters.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      schema: { type: 'string', maxLength: 200 },
    });
  return {
    operationId: operation.name,
    summary: rest.summary,
    tags: [operation.name.split('.')[0]],
    'x-permission': operation.permission,
    parameters,
    ...bodyOf(operation, properties, required, inPath, readsQuery),
    responses: {
      [rest.method === 'POST' && operation.kind !== 'download' ? '201' : '200']: okResponse(operation),
      default: {
        description: 'A problem (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function bodyOf(
  operation: RestOperation,
  properties: Record<string, Json>,
  required: Set<string>,
  inPath: Set<string>,
  readsQuery: boolean,
): Json {
  if (operation.kind === 'upload')
    return {
      requestBody: {
        required: true,
        content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
    };
  if (readsQuery) return {};
  const fields = Object.entries(properties).filter(([name]) => !inPath.has(name));
  if (fields.length === 0) return {};
  const schema = {
    type: 'object',
    properties: Object.fromEntries(fields),
    required: fields.map(([name]) => name).filter((name) => required.has(name)),
  };
  return { requestBody: { required: true, content: { 'application/json': { schema } } } };
}

function okResponse(operation: RestOperation): Json {
  if (operation.kind === 'download')
    return {
      description: 'The file',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    };
  return { description: 'Done', content: { 'application/json': { schema: jsonSchema(operation.output, 'output') } } };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return rest;
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'fields', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', description: 'Stable: program against this' },
    fields: {
      type: 'array',
      items: {
        type: 'object',
        properties: { path: { type: 'array', items: { type: ['string', 'integer'] } }, message: { type: 'string' } },
      },
    },
    requestId: { type: 'string' },
  },
};
