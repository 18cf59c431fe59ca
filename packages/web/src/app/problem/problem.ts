import { TRPCClientError } from '@trpc/client';
import { findMessage, language } from '#web/language/language.ts';

export type ProblemKind =
  | 'not-found'
  | 'conflict'
  | 'forbidden'
  | 'unauthenticated'
  | 'invalid-input'
  | 'rate-limited'
  | 'unavailable'
  | 'offline'
  | 'internal';

/** What went wrong, in the shape that the web shows. The server sends the same fields as RFC 9457 problem details. */
export interface Problem {
  readonly kind: ProblemKind;
  /** Stable, `module.what-is-wrong`; what a screen may branch on. */
  readonly code: string;
  /** A sentence for the reader. */
  readonly message: string;
  /** By field path joined with dots: `lines.2.quantity`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly requestId?: string;
}

interface WireData {
  readonly domainCode?: string;
  readonly code?: string;
  readonly httpStatus?: number;
  readonly status?: number;
  readonly detail?: string;
  readonly title?: string;
  readonly requestId?: string;
  readonly fields?: readonly { readonly path: readonly (string | number)[] | string; readonly message: string }[];
}

const KIND_BY_STATUS: Readonly<Record<number, ProblemKind>> = {
  400: 'invalid-input',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  412: 'conflict',
  422: 'invalid-input',
  429: 'rate-limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** Reads any thrown value as a problem. Never throws, and never shows a stack or a status number as the message. */
export function toProblem(error: unknown): Problem {
  return inWords(readProblem(error));
}

/** In the reader's language, where we have its words: the server says everything in English. */
function inWords(problem: Problem): Problem {
  const said = language() === 'en' ? undefined : findMessage(`said.${problem.code}`);
  return said === undefined ? problem : { ...problem, message: said };
}

function readProblem(error: unknown): Problem {
  if (isProblem(error)) return error;
  if (error instanceof TRPCClientError) return fromTrpc(error);
  if (error instanceof TypeError && /fetch|network/i.test(error.message)) return offline();
  return {
    kind: 'internal',
    code: 'web.unexpected',
    message: 'Something went wrong that we did not foresee.',
    fields: {},
  };
}

/** Reads the body of a failed `fetch` as a problem (better-auth and RFC 9457 shapes). */
export async function problemFromResponse(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const data = (typeof body === 'object' && body !== null ? body : {}) as WireData & { readonly message?: string };
  return fromWire({ ...data, status: response.status }, data.detail ?? data.message ?? data.title ?? '');
}

function fromTrpc(error: TRPCClientError<never>): Problem {
  const data = (error as { readonly data?: WireData | null }).data;
  // Without data no server of ours answered: the network, or a proxy in between.
  if (data === undefined || data === null) return offline();
  return fromWire(data, error.message);
}

function fromWire(data: WireData, message: string): Problem {
  const kind = KIND_BY_STATUS[data.status ?? data.httpStatus ?? 500] ?? 'internal';
  return {
    kind,
    code: data.domainCode ?? data.code ?? 'web.unknown',
    message: kind === 'internal' || message === '' ? 'Something went wrong on our side. It has been logged.' : message,
    fields: Object.fromEntries(
      (data.fields ?? []).map((field) => [
        typeof field.path === 'string' ? field.path : field.path.join('.'),
        field.message,
      ]),
    ),
    ...(data.requestId === undefined ? {} : { requestId: data.requestId }),
  };
}

function offline(): Problem {
  return { kind: 'offline', code: 'web.offline', message: 'The server cannot be reached.', fields: {} };
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    'code' in value &&
    'fields' in value &&
    !(value instanceof Error)
  );
}
