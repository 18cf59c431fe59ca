import { Hono } from 'hono';
import { authRoutes } from '../../packages/core/src/entry/http/auth-routes.ts';
import { scopeResolver } from '../../packages/core/src/entry/http/session.ts';
import { newId } from '../../packages/core/src/kernel/id.ts';
import type { TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { IdentityDoor } from '../../packages/core/src/modules/identity/identity-door.ts';
import type { TestApp } from './test-app.ts';

/** A browser without a page: it keeps cookies and speaks JSON with the routes of signing in. */
export class TestBrowser {
  readonly #app: Hono;
  readonly #cookies = new Map<string, string>();
  readonly #resolve: ReturnType<typeof scopeResolver>;

  constructor(app: TestApp) {
    const door = app.container.resolve(IdentityDoor);
    this.#app = new Hono()
      .use(async (context, next) => {
        context.set('requestId', newId());
        context.set('reportError', (error: unknown) => process.stderr.write(`${String((error as Error).stack)}\n`));
        await next();
      })
      .route('/api/auth', authRoutes(door, []));
    this.#resolve = scopeResolver(door);
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Another browser that somebody copied all cookies to. */
  withCookie(cookie: string): this {
    this.#cookies.clear();
    for (const pair of cookie.split('; ')) this.#put(pair);
    return this;
  }

  async post(name: string, body: object = {}): Promise<{ status: number; body: Record<string, unknown> }> {
    return this.#send(`/api/auth/${name}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', cookie: this.cookie, 'user-agent': 'test' },
    });
  }

  async get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
    return this.#send(path, { headers: { cookie: this.cookie } });
  }

  /** The scope that this browser's requests get. */
  scope(headers: Record<string, string> = { cookie: this.cookie }): Promise<TenantScope> {
    const origin = { ip: '192.0.2.1', userAgent: 'test', requestId: newId() };
    return this.#resolve(new Request('http://localhost/', { headers }), origin);
  }

  async #send(path: string, init: RequestInit): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await this.#app.request(path, init);
    for (const cookie of response.headers.getSetCookie()) this.#put(cookie.split(';')[0] ?? '', cookie);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  #put(pair: string, whole = pair): void {
    const at = pair.indexOf('=');
    if (at < 0) return;
    if (/max-age=0/i.test(whole)) this.#cookies.delete(pair.slice(0, at));
    else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}

export { totpCode } from './totp.ts';
