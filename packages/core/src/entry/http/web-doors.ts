import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { compress } from 'hono/compress';

const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  // Charts and virtual lists place things by style attributes.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

const NOT_BUILT =
  '<!doctype html><meta charset="utf-8"><title>Bailiwick</title><p>The web is not built yet. Run <code>npm run build</code>, then reload.</p>';

/** Serves the built web: hashed files for ever, and one page for each door at whatever path its router knows. */
export function webDoors(folder: string): Hono {
  const app = new Hono();
  app.use(compress());
  app.use('/assets/*', async (context, next) => {
    await next();
    if (context.res.status === 200) context.header('cache-control', 'public, max-age=31536000, immutable');
  });
  app.use('*', async (context, next) => {
    // Pages themselves are answered below, with their policy; everything else is a file.
    if (context.req.method !== 'GET' || !/\.\w+$/.test(context.req.path) || context.req.path.endsWith('.html'))
      return next();
    return serveStatic({ root: folder })(context, next);
  });
  app.get('/portal', (context) => page(context.req.path, folder, 'portal.html'));
  app.get('/portal/*', (context) => page(context.req.path, folder, 'portal.html'));
  app.get('*', (context) => page(context.req.path, folder, 'index.html'));
  return app;
}

function page(path: string, folder: string, file: string): Response {
  const full = join(folder, file);
  const isBuilt = existsSync(full);
  const status = /\.\w+$/.test(path) ? 404 : isBuilt ? 200 : 503;
  return new Response(isBuilt ? readFileSync(full) : NOT_BUILT, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-frame-options': 'DENY',
    },
  });
}
