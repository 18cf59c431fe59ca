import { createHash } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { InvalidInputError, RateLimitedError } from '#kernel/errors';
import type { AnyOperation, Download, DownloadOperation, UploadOperation } from '#kernel/operation';
import type { TenantScope } from '#kernel/tenant-scope';
import { invalidInput, toProblem } from './error-mapping.ts';
import { restInput } from './rest-input.ts';
import { authorize } from './run-operation.ts';

/** Keeps the answers of creates that carried an `Idempotency-Key`, in the transaction that created. */
export interface IdempotencyStore {
  run(
    scope: TenantScope,
    key: { key: string; operation: string; requestHash: string },
    create: (scope: TenantScope) => Promise<unknown>,
  ): Promise<{ body: unknown; wasReplayed: boolean }>;
}

/** Counts requests of one caller; says how many are left, and throws `RateLimitedError` when none is. */
export interface RequestLimiter {
  take(caller: string): { limit: number; remaining: number; resetSeconds: number };
}

export interface RestNeeds {
  readonly scopeOf: (context: Context) => Promise<TenantScope>;
  readonly idempotency: IdempotencyStore;
  readonly limiter: RequestLimiter;
}

/** Any operation that has a place under `/api/v1`. */
export type RestOperation =
  | (AnyOperation & { readonly rest?: DownloadOperation['rest'] })
  | DownloadOperation
  | UploadOperation;

/** Mounts operations under their REST paths. */
export function restRoutes(operations: readonly RestOperation[], needs: RestNeeds): Hono {
  const app = new Hono();
  for (const operation of operations) {
    if (operation.rest === undefined) continue;
    const path = operation.rest.path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.on(operation.rest.method, [path], (context) => answer(context, operation, needs));
  }
  return app;
}

async function answer(context: Context, operation: RestOperation, needs: RestNeeds): Promise<Response> {
  const requestId = context.get('requestId');
  try {
    const scope = await needs.scopeOf(context);
    const budget = needs.limiter.take(scope.actor.id);
    context.header('RateLimit-Policy', `"default";q=${budget.limit};w=60`);
    context.header('RateLimit', `"default";r=${budget.remaining};t=${budget.resetSeconds}`);
    authorize(operation, scope);
    const parsed = await operation.input.safeParseAsync(await restInput(context, operation.input));
    if (!parsed.success) throw invalidInput(parsed.error);
    return await act(context, operation, scope, parsed.data, needs);
  } catch (error) {
    return problemResponse(context, error, requestId);
  }
}

async function act(
  context: Context,
  operation: RestOperation,
  scope: TenantScope,
  input: unknown,
  needs: RestNeeds,
): Promise<Response> {
  switch (operation.kind) {
    case 'download':
      return fileResponse(await operation.run(scope, input));
    case 'upload':
      return context.json(await operation.output.parseAsync(await operation.run(scope, input, uploadOf(context))), 201);
    case 'query':
      return context.json((await operation.output.parseAsync(await operation.run(scope, input))) as object);
    case 'command': {
      const run = async (within: TenantScope): Promise<unknown> =>
        operation.output.parseAsync(await operation.run(within, input));
      const key = context.req.header('idempotency-key');
      const status = operation.rest?.method === 'POST' ? 201 : 200;
      if (key === undefined) return context.json((await run(scope)) as object, status);
      if (!/^[\x21-\x7e]{1,200}$/.test(key))
        throw new InvalidInputError(
          'idempotency.bad-key',
          'Idempotency-Key must be 1 to 200 visible ASCII characters.',
        );
      const requestHash = createHash('sha256').update(JSON.stringify(input)).digest('hex');
      const { body, wasReplayed } = await needs.idempotency.run(
        scope,
        { key, operation: operation.name, requestHash },
        run,
      );
      if (wasReplayed) context.header('Idempotency-Replayed', 'true');
      return context.json(body as object, status);
    }
  }
}

function uploadOf(context: Context): { fileName: string; contentType: string; body: ReadableStream<Uint8Array> } {
  const disposition = context.req.header('content-disposition') ?? '';
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename="([^"]*)"/i.exec(disposition)?.[1];
  const fileName = extended === undefined ? plain : safeDecode(extended);
  if (fileName === undefined || fileName === '')
    throw new InvalidInputError('upload.no-name', 'Content-Disposition must carry a filename.', {
      fields: [{ path: ['Content-Disposition'], message: 'must carry a filename' }],
    });
  const body = context.req.raw.body;
  if (body === null) throw new InvalidInputError('upload.empty', 'The request has no body to store.');
  return { fileName, contentType: context.req.header('content-type') ?? 'application/octet-stream', body };
}

function safeDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** A file's response: never sniffed, never run, its name quoted so that nothing breaks out of the header. */
function fileResponse(download: Download): Response {
  const ascii = download.fileName.replaceAll(/[^\x20-\x7e]|["\\]/g, '_');
  return new Response(download.body, {
    headers: {
      'content-type': download.contentType,
      'content-disposition': `${download.disposition}; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(download.fileName)}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'cache-control': 'private, no-store',
    },
  });
}

/** The RFC 9457 answer for an error. */
export function problemResponse(context: Context, error: unknown, requestId: string): Response {
  const problem = toProblem(error, requestId);
  if (problem.status === 500) context.get('reportError')?.(error);
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (error instanceof RateLimitedError) headers['retry-after'] = String(error.retryAfterSeconds);
  return context.newResponse(JSON.stringify(problem), problem.status as 400, headers);
}
