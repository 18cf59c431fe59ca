import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** A refusal in Graph's own words; the server puts it into the error envelope. */
export class GraphError extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The directory's answer for an id that it does not know. */
export function resourceNotFound(id: string): GraphError {
  return new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

/** Intune's answer for an id that it does not know. */
export function intuneNotFound(): GraphError {
  return new GraphError(404, 'ResourceNotFound', 'Resource could not be found.');
}

export function badRequest(message: string): GraphError {
  return new GraphError(400, 'Request_BadRequest', message);
}

export function unsupportedQuery(message: string): GraphError {
  return new GraphError(400, 'Request_UnsupportedQuery', message);
}

export function invalidQuery(message: string): GraphError {
  return new GraphError(400, 'BadRequest', message);
}
