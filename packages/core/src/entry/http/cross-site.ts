import { ForbiddenError } from '#kernel/errors';

/**
 * Refuses a change that another site made a browser send: it carries our cookie, but not our origin. Requests without a cookie prove themselves
 * by a key and cannot be forged so. `SameSite` cookies are the first wall; this is the second.
 */
export function assertSameOrigin(request: Request, publicUrl: string): void {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return;
  if (!request.headers.has('cookie')) return;
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  if (origin === null ? site === 'same-origin' || site === null : isOurs(origin, request, publicUrl)) return;
  throw new ForbiddenError('request.cross-site', 'This change came from another site and was not made.');
}

function isOurs(origin: string, request: Request, publicUrl: string): boolean {
  return origin === new URL(publicUrl).origin || origin === new URL(request.url).origin;
}
