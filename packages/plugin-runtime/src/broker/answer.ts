import type { TransportResponse } from '../egress/transport.ts';
import type { BrokeredResponse } from '../invocation.ts';
import type { Redactor } from './redactor.ts';
import { asRecorded } from './sender.ts';

/** Never a plugin's: sessions, and what answers a credential. */
const withheld = new Set(['set-cookie', 'set-cookie2', 'authentication-info', 'proxy-authenticate']);

/** The answer as the sandbox gets it: without secrets; text where it is text. */
export function answerOf(response: TransportResponse, redactor: Redactor): BrokeredResponse {
  const headers = Object.entries(response.headers).filter(([name]) => !withheld.has(name));
  const body = redactor.bytes(response.body);
  return {
    status: response.status,
    url: redactor.text(response.url),
    headers: redactor.headers(Object.fromEntries(headers)),
    body: declaredText(response.headers['content-type'], body) ?? asRecorded(body),
  };
}

/** A text in another encoding than UTF-8, where the vendor says so. */
function declaredText(contentType: string | undefined, body: Uint8Array): BrokeredResponse['body'] | null {
  const charset = /;\s*charset="?([^";\s]+)/i.exec(contentType ?? '')?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return null;
  try {
    return { text: new TextDecoder(charset).decode(body) };
  } catch {
    return null;
  }
}
