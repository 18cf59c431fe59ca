import { randomUUID } from 'node:crypto';

/** A refusal of the API. */
export class NinjaError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }

  /** The answer: what the API says of failed requests. */
  answer(): Response {
    const body = { resultCode: 'FAILURE', errorMessage: this.message, incidentId: randomUUID() };
    return Response.json(body, { status: this.status, headers: this.headers });
  }
}

/** A refusal of a token (RFC 6749 §5.2, RFC 6750 §3.1). */
export class TokenError extends NinjaError {
  readonly code: string;

  constructor(status: number, code: string, description: string) {
    super(status, description);
    this.code = code;
  }

  override answer(): Response {
    const body = { error: this.code, error_description: this.message };
    const challenge = `Bearer error="${this.code}", error_description="${this.message}"`;
    const headers: Record<string, string> = this.status === 400 ? {} : { 'www-authenticate': challenge };
    return Response.json(body, { status: this.status, headers });
  }
}
