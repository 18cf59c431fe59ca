import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { UnavailableError } from '#kernel/errors';

/** How long open requests may take to finish once we stop. */
const DRAIN_MS = 8000;

/** A listening server. */
export interface HttpServer {
  readonly port: number;
  /** Refuses new connections, lets open requests finish, then closes what is left. */
  stop(): Promise<void>;
}

/** Listens. Throws `server.port-taken` and `server.port-refused`, each with what to do. */
export async function listen(app: Hono, options: { port: number; host: string }): Promise<HttpServer> {
  const server = await new Promise<Server>((resolve, reject) => {
    const starting = serve(
      {
        fetch: app.fetch,
        port: options.port,
        hostname: options.host,
        serverOptions: { requestTimeout: 60_000, headersTimeout: 20_000 },
      },
      () => resolve(starting),
    ) as Server;
    starting.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, options)));
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    stop: () => drain(server),
  };
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(timer);
}

function listenError(error: NodeJS.ErrnoException, { port, host }: { port: number; host: string }): Error {
  if (error.code === 'EADDRINUSE')
    return new UnavailableError(
      'server.port-taken',
      `Port ${port} on ${host} is taken. Stop what uses it, or set PORT to another one.`,
      { cause: error },
    );
  if (error.code === 'EACCES')
    return new UnavailableError(
      'server.port-refused',
      `Port ${port} on ${host} may not be used by this user. Set PORT to 1024 or higher.`,
      { cause: error },
    );
  return error;
}
