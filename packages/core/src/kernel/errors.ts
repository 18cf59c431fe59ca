/** What went wrong, in the domain's own words; `entry/http/error-mapping.ts` is the one place that knows transports. */
export type ErrorKind =
  | 'not-found'
  | 'conflict'
  | 'forbidden'
  | 'unauthenticated'
  | 'invalid-input'
  | 'rate-limited'
  | 'unavailable';

/** One field of an input that was refused. `path` is a JSON pointer-like list, `message` a full sentence. */
export interface FieldError {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The base of every error that the domain throws on purpose. `code` is stable: `module.what-is-wrong`. */
export abstract class DomainError extends Error {
  abstract readonly kind: ErrorKind;
  readonly code: string;
  readonly fields: readonly FieldError[];

  constructor(code: string, message: string, options: { fields?: readonly FieldError[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.fields = options.fields ?? [];
  }
}

/** Nothing is there for this scope. An absent row and another tenant's row give the same answer. */
export class NotFoundError extends DomainError {
  readonly kind = 'not-found';
}

/** What is asked no longer fits the state: a stale version, a duplicate, a step already taken. */
export class ConflictError extends DomainError {
  readonly kind = 'conflict';
}

/** The actor is known and may not do this. */
export class ForbiddenError extends DomainError {
  readonly kind = 'forbidden';
}

/** Nobody is signed in, or what was shown as proof does not hold. */
export class UnauthenticatedError extends DomainError {
  readonly kind = 'unauthenticated';
}

/** The input breaks a rule; `fields` names which. */
export class InvalidInputError extends DomainError {
  readonly kind = 'invalid-input';
}

/** Too many tries; `retryAfterSeconds` says when to come back. */
export class RateLimitedError extends DomainError {
  readonly kind = 'rate-limited';
  readonly retryAfterSeconds: number;

  constructor(code: string, message: string, retryAfterSeconds: number) {
    super(code, message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Something that we depend on does not answer; trying again later may work. */
export class UnavailableError extends DomainError {
  readonly kind = 'unavailable';
}
