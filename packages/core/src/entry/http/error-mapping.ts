import { TRPCError, type TRPC_ERROR_CODE_KEY } from '@trpc/server';
import { z } from 'zod';
import { DomainError, InvalidInputError, type ErrorKind, type FieldError } from '#kernel/errors';

/** RFC 9457 problem details; `code` and `fields` are our extension members. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly fields: readonly FieldError[];
  readonly requestId: string;
}

const BY_KIND: Record<ErrorKind, { status: number; title: string; trpc: TRPC_ERROR_CODE_KEY }> = {
  'not-found': { status: 404, title: 'Not found', trpc: 'NOT_FOUND' },
  conflict: { status: 409, title: 'Conflict', trpc: 'CONFLICT' },
  forbidden: { status: 403, title: 'Not allowed', trpc: 'FORBIDDEN' },
  unauthenticated: { status: 401, title: 'Not signed in', trpc: 'UNAUTHORIZED' },
  'invalid-input': { status: 422, title: 'Input refused', trpc: 'UNPROCESSABLE_CONTENT' },
  'rate-limited': { status: 429, title: 'Too many requests', trpc: 'TOO_MANY_REQUESTS' },
  unavailable: { status: 503, title: 'Unavailable for now', trpc: 'SERVICE_UNAVAILABLE' },
};

/** Turns whatever was thrown into a domain error; undefined for what nobody foresaw, whose words must not leave the server. */
export function asDomainError(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (error instanceof z.ZodError) return invalidInput(error);
  if (error instanceof TRPCError && error.cause !== undefined) return asDomainError(error.cause);
  return undefined;
}

/** The fields that a schema refused, as one domain error. */
export function invalidInput(error: z.ZodError): InvalidInputError {
  const fields = error.issues.slice(0, 20).map((issue) => ({
    path: issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    message: issue.message,
  }));
  const first = fields[0];
  const where = first === undefined || first.path.length === 0 ? 'The input' : first.path.join('.');
  return new InvalidInputError('input.invalid', `${where}: ${first?.message ?? 'is not valid'}.`, { fields });
}

/** The problem that a REST caller reads. Unforeseen errors say only that, and the request's id. */
export function toProblem(error: unknown, requestId: string): Problem {
  const known = asDomainError(error);
  if (known === undefined) {
    return {
      type: 'about:blank',
      title: 'Internal error',
      status: 500,
      detail: `Something went wrong on our side. Quote the request id ${requestId} when you report it.`,
      code: 'internal',
      fields: [],
      requestId,
    };
  }
  const { status, title } = BY_KIND[known.kind];
  return {
    type: `urn:bailiwick:error:${known.code}`,
    title,
    status,
    detail: known.message,
    code: known.code,
    fields: known.fields,
    requestId,
  };
}

/** The tRPC error for a domain error; others pass through and become INTERNAL_SERVER_ERROR. */
export function toTrpcError(error: unknown): unknown {
  const known = asDomainError(error);
  return known === undefined
    ? error
    : new TRPCError({ code: BY_KIND[known.kind].trpc, message: known.message, cause: known });
}
