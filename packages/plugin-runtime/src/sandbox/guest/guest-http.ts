import type { Http, HttpOptions, HttpResponse } from '@bailiwick/sdk';
import type { BrokeredRequest, BrokeredResponse } from '../../invocation.ts';
import { fromHost } from './guest-error.ts';

type Ask = (request: BrokeredRequest) => Promise<BrokeredResponse>;

/** `ctx.http`: requests go to the host as texts, answers come back whole. */
export function guestHttp(ask: Ask): Http {
  const request = async (url: string, options: HttpOptions = {}): Promise<HttpResponse> =>
    response(await ask({ url, options: brokered(options) }));
  return Object.freeze({
    request,
    get: async <T>(url: string, options?: HttpOptions) => (await request(url, options)).json<T>(),
    post: async <T>(url: string, json: unknown, options?: HttpOptions) =>
      (await request(url, { ...options, method: 'POST', json })).json<T>(),
  });
}

function brokered({ json, form, body, ...options }: HttpOptions): BrokeredRequest['options'] {
  if (json !== undefined) return { ...options, body: { text: JSON.stringify(json) }, contentType: 'application/json' };
  if (form !== undefined) {
    const text = new URLSearchParams(form).toString();
    return { ...options, body: { text }, contentType: 'application/x-www-form-urlencoded' };
  }
  if (body === undefined) return options;
  return { ...options, body: typeof body === 'string' ? { text: body } : { base64: body.toBase64() } };
}

function response({ status, url, headers, body }: BrokeredResponse): HttpResponse {
  const text = (): string =>
    'text' in body ? body.text : new TextDecoder().decode(Uint8Array.fromBase64(body.base64));
  return Object.freeze({
    status,
    url,
    headers: Object.freeze(headers),
    text,
    bytes: () => ('text' in body ? new TextEncoder().encode(body.text) : Uint8Array.fromBase64(body.base64)),
    json: <T>() => {
      const given = text();
      try {
        return JSON.parse(given) as T;
      } catch {
        const message = `The answer of ${url.split('?')[0]} is no JSON (status ${status}).`;
        throw fromHost({ name: 'VendorBug', message, details: {} });
      }
    },
  });
}
