import type { Exchange, RecordedBody } from '@bailiwick/plugin-runtime';
import type { Json } from '@bailiwick/sdk';
import type { CassetteExchange } from '../fixtures/fixture-schemas.ts';

/** Takes out what the broker does not know to be a secret. */
interface TakesTokensOut {
  text(text: string): string;
}

/** Headers that say something about the line and the moment, not about the data. */
const passing =
  /^(?:age|alt-svc|connection|content-encoding|content-length|content-security-policy|date|expect-ct|keep-alive|nel|permissions-policy|pragma|referrer-policy|report-to|reporting-endpoints|server|server-timing|set-cookie2?|strict-transport-security|transfer-encoding|vary|via|www-authenticate|x-(?:content-type-options|frame-options|powered-by|xss-protection)|cf-.*|.*-trace-?id|.*request-?id|traceparent)$/;
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Collects what a live vendor was asked and answered, as cassettes have it. */
export class Recording {
  readonly #exchanges: CassetteExchange[] = [];
  readonly #failures: string[] = [];

  /** Failures of the network, which no cassette can hold. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  /** @param call that asked: `check`, `stream devices` */
  add(call: string, { request, response, failure }: Exchange): void {
    if (response === null || !methods.has(request.method)) {
      this.#failures.push(`${request.method} ${request.url}: ${failure ?? 'no answer'}`);
      return;
    }
    const headers = Object.entries(response.headers).filter(([name]) => !passing.test(name));
    this.#exchanges.push({
      call,
      request: {
        method: request.method as CassetteExchange['request']['method'],
        url: request.url,
        ...(request.body === null ? {} : written(request.body)),
      },
      response: { status: response.status, headers: Object.fromEntries(headers), ...written(response.body) },
    });
  }

  /** What is worth keeping: refusals that passed are left out, and so is what a call said more than once without a difference. */
  exchanges(tokens: TakesTokensOut): readonly CassetteExchange[] {
    const kept: CassetteExchange[] = [];
    const last = new Map<string, string>();
    for (const [index, exchange] of this.#exchanges.entries()) {
      const key = keyOf(exchange);
      if (isPassing(exchange) && this.#exchanges.slice(index + 1).some((later) => keyOf(later) === key)) continue;
      const answer = JSON.stringify(exchange.response);
      if (last.get(key) === answer) continue;
      last.set(key, answer);
      kept.push(exchange);
    }
    return JSON.parse(tokens.text(JSON.stringify(kept))) as CassetteExchange[];
  }
}

function keyOf({ call, request }: CassetteExchange): string {
  return JSON.stringify([call, request]);
}

function isPassing({ response: { status } }: CassetteExchange): boolean {
  return status === 401 || status === 408 || status === 429 || status >= 500;
}

function written(body: RecordedBody): Pick<CassetteExchange['request'], 'json' | 'text' | 'base64'> {
  if ('base64' in body) return { base64: body.base64 };
  if (body.text === '') return {};
  const json = parsed(body.text);
  return json === undefined ? { text: body.text } : { json: json as NonNullable<CassetteExchange['request']['json']> };
}

/** Undefined where it is no JSON, or where a number in it would not be written again as it is. */
function parsed(text: string): Json | undefined {
  let isExact = true;
  const look = (_key: string, value: Json, context?: { readonly source?: string }): Json => {
    if (typeof value === 'number' && String(value) !== context?.source) isExact = false;
    return value;
  };
  try {
    const json = JSON.parse(text, look) as Json;
    return isExact ? json : undefined;
  } catch {
    return undefined;
  }
}
