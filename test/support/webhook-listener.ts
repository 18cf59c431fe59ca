import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Takes what a vendor's server posts, in the order in which it came. */
export interface WebhookListener extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly { readonly headers: IncomingHttpHeaders; readonly raw: string; readonly body: unknown }[];
}

/** Listens on 127.0.0.1 and answers 200 to JSON, 400 to anything else. */
export async function startWebhookListener(): Promise<WebhookListener> {
  const received: { headers: IncomingHttpHeaders; raw: string; body: unknown }[] = [];
  const server = createServer((request, response) => {
    void text(request)
      .then((raw) => {
        const body: unknown = JSON.parse(raw);
        received.push({ headers: request.headers, raw, body });
        response.writeHead(200).end();
      })
      .catch(() => response.writeHead(400).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
