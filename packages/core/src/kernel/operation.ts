import type { z } from 'zod';
import type { TenantScope } from './tenant-scope.ts';

/** Who may call an operation at all, before any permission: staff of the MSP, contacts in the portal, or both. */
export type OperationAudience = 'staff' | 'client' | 'both';

/** How an operation appears under `/api/v1`; `{id}` in the path takes the input's field of that name. */
export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/${string}`;
  readonly summary: string;
}

interface OperationFields<Kind extends 'query' | 'command', Input extends z.ZodType, Output extends z.ZodType> {
  readonly kind: Kind;
  /** `module.verb-noun`, in kebab case. */
  readonly name: string;
  /** The permission that the scope must hold. Contacts get theirs from the portal role. */
  readonly permission: string;
  readonly audience?: OperationAudience;
  readonly input: Input;
  readonly output: Output;
  readonly rest?: RestRoute;
  readonly run: (scope: TenantScope, input: z.output<Input>) => Promise<z.input<Output>>;
}

/** One use case as the outside sees it. Composition mounts it as tRPC, REST, OpenAPI and (later) MCP. */
export interface Operation<
  Kind extends 'query' | 'command' = 'query' | 'command',
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> extends OperationFields<Kind, Input, Output> {
  readonly audience: OperationAudience;
}

/** Defines an operation that reads. */
export function defineQuery<Input extends z.ZodType, Output extends z.ZodType>(
  fields: Omit<OperationFields<'query', Input, Output>, 'kind'>,
): Operation<'query', Input, Output> {
  return { audience: 'staff', ...fields, kind: 'query' };
}

/** Defines an operation that changes something. */
export function defineCommand<Input extends z.ZodType, Output extends z.ZodType>(
  fields: Omit<OperationFields<'command', Input, Output>, 'kind'>,
): Operation<'command', Input, Output> {
  return { audience: 'staff', ...fields, kind: 'command' };
}

/** Operations of one module by the name that the web calls: `tickets.openTicket`. */
export type OperationMap = Readonly<Record<string, AnyOperation | DownloadOperation | UploadOperation>>;

/** Any operation, whatever its schemas; `run` takes what `input` parses to. */
export interface AnyOperation extends Omit<Operation, 'run' | 'input' | 'output'> {
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  // A method, so that operations with narrower inputs fit (bivariance); callers always parse with `input` first.
  run(scope: TenantScope, input: unknown): Promise<unknown>;
}

/** A file on its way out. */
export interface Download {
  readonly fileName: string;
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  /** `inline` only for types that cannot run script; everything else is an attachment. */
  readonly disposition: 'attachment' | 'inline';
}

/** An operation that answers with a file: PDF, CSV, an attachment. Mounted under `/api/v1` only. */
export interface DownloadOperation<Input extends z.ZodType = z.ZodType> {
  readonly kind: 'download';
  readonly name: string;
  readonly permission: string;
  readonly audience: OperationAudience;
  readonly input: Input;
  readonly rest: RestRoute;
  run(scope: TenantScope, input: unknown): Promise<Download>;
}

/** Defines an operation that answers with a file. */
export function defineDownload<Input extends z.ZodType>(
  fields: Omit<DownloadOperation<Input>, 'kind' | 'audience' | 'run'> & {
    audience?: OperationAudience;
    run: (scope: TenantScope, input: z.output<Input>) => Promise<Download>;
  },
): DownloadOperation<Input> {
  return {
    audience: 'staff',
    ...fields,
    kind: 'download',
    run: (scope, input) => fields.run(scope, input as z.output<Input>),
  };
}

/** A file on its way in: the body of the request, not yet read. */
export interface Upload {
  readonly fileName: string;
  readonly contentType: string;
  readonly body: ReadableStream<Uint8Array>;
}

/** An operation that takes a file as its body, the rest of its input in path and query, the name in `Content-Disposition`. `POST` under `/api/v1` only. */
export interface UploadOperation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly kind: 'upload';
  readonly name: string;
  readonly permission: string;
  readonly audience: OperationAudience;
  readonly input: Input;
  readonly output: Output;
  readonly rest: RestRoute;
  run(scope: TenantScope, input: unknown, upload: Upload): Promise<unknown>;
}

/** Defines an operation that takes a file. */
export function defineUpload<Input extends z.ZodType, Output extends z.ZodType>(
  fields: Omit<UploadOperation<Input, Output>, 'kind' | 'audience' | 'run'> & {
    audience?: OperationAudience;
    run: (scope: TenantScope, input: z.output<Input>, upload: Upload) => Promise<z.input<Output>>;
  },
): UploadOperation<Input, Output> {
  return {
    audience: 'staff',
    ...fields,
    kind: 'upload',
    run: (scope, input, upload) => fields.run(scope, input as z.output<Input>, upload),
  };
}
