import type { Hono } from 'hono';

import { readBody, type GraphEnv } from './graph-context.ts';
import { GraphError } from './graph-error.ts';

/** "JSON batch requests are currently limited to 20 individual requests." */
const maxRequests = 20;

interface BatchRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly dependsOn: readonly string[];
}

interface BatchResponse {
  readonly id: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** `POST /$batch`: each request runs by itself with the batch's token, and is throttled by itself. */
export function addBatchRoute(app: Hono<GraphEnv>): void {
  app.post('/v1.0/$batch', async (context) => {
    const requests = readRequests((await readBody(context))['requests']);
    const responses = new Map<string, BatchResponse>();
    for (const request of requests) {
      const failed = request.dependsOn.some((id) => (responses.get(id)?.status ?? 424) >= 400);
      responses.set(
        request.id,
        failed
          ? {
              id: request.id,
              status: 424,
              body: { error: { code: 'FailedDependency', message: 'A request that this one depends on failed.' } },
            }
          : await run(app, request, context.req.header('Authorization') ?? ''),
      );
    }
    return context.json({ responses: [...responses.values()] });
  });
}

async function run(app: Hono<GraphEnv>, request: BatchRequest, authorization: string): Promise<BatchResponse> {
  const path = request.url.startsWith('/') ? request.url : `/${request.url}`;
  const answer = await app.request(`/v1.0${path}`, {
    method: request.method,
    headers: { ...request.headers, Authorization: authorization },
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
  });
  const text = await answer.text();
  const retryAfter = answer.headers.get('Retry-After');
  return {
    id: request.id,
    status: answer.status,
    headers: { 'Content-Type': 'application/json', ...(retryAfter !== null && { 'Retry-After': retryAfter }) },
    ...(text !== '' && { body: JSON.parse(text) as unknown }),
  };
}

function readRequests(value: unknown): BatchRequest[] {
  if (!Array.isArray(value)) throw malformed("The 'requests' property is required.");
  if (value.length > maxRequests)
    throw malformed(`Number of batch request steps exceeds the maximum value of ${maxRequests}.`);
  const requests = value.map(readRequest);
  const ids = new Set(requests.map((request) => request.id.toLowerCase()));
  if (ids.size < requests.length) throw malformed('The batch request contains duplicate ids.');
  return requests;
}

function readRequest(value: unknown): BatchRequest {
  const request = (value ?? {}) as { readonly [key: string]: unknown };
  const { id, method, url } = request;
  if (typeof id !== 'string' || typeof method !== 'string' || typeof url !== 'string') {
    throw malformed("Each request needs 'id', 'method' and 'url'.");
  }
  const headers = (request['headers'] ?? {}) as Record<string, string>;
  if (request['body'] !== undefined && !Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')) {
    throw malformed(`Request '${id}' has a body but no Content-Type header.`);
  }
  const dependsOn = Array.isArray(request['dependsOn']) ? request['dependsOn'].map(String) : [];
  return { id, method, url, headers, body: request['body'], dependsOn };
}

function malformed(message: string): GraphError {
  return new GraphError(400, 'BadRequest', message);
}
