import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';

import { createAdaptorServer, type ServerType } from '@hono/node-server';
import type { Hono } from 'hono';

import { createDefaultWorld, defaultApplication } from './default-world.ts';
import { emptyUser } from './default-people.ts';
import { Faults, type Throttle } from './faults.ts';
import { createGraph, type RecordedRequest } from './graph.ts';
import type { GraphEnv } from './graph-context.ts';
import { createLogin } from './login.ts';
import { Notifications, type LifecycleEvent } from './notifications.ts';
import { PageTokens } from './odata.ts';
import type { GraphObject, Json } from './tenant.ts';
import { Tokens } from './tokens.ts';
import type { Account, World } from './world.ts';

/** The emulator while it runs: where it listens, and what a test can make happen. */
export class Microsoft365 implements AsyncDisposable {
  /** Stands for https://login.microsoftonline.com; without a slash at its end. */
  readonly loginUrl: string;
  /** Stands for https://graph.microsoft.com; without a slash and without the version. */
  readonly graphUrl: string;
  readonly world: World;
  /** Every request that reached Graph, oldest first. */
  readonly requests: readonly RecordedRequest[];
  readonly application = defaultApplication;
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
    this.loginUrl = parts.login.url;
    this.graphUrl = parts.graph.url;
    this.world = parts.world;
    this.requests = parts.requests;
  }

  /** Moves Microsoft's time forward: tokens, secrets, subscriptions and relationships grow old. */
  advance(duration: Temporal.DurationLike): void {
    this.world.clock.advance(duration);
  }

  expireAccessTokens(): void {
    this.parts.tokens.expireAccessTokens();
  }

  /** As a new password or a sign-out everywhere does: AADSTS50173 from now on. */
  revokeGrants(account: Account): void {
    this.parts.tokens.revokeGrants(account);
  }

  /** A used refresh token dies; the real one stays valid, so this finds clients that do not store the new one. */
  useRefreshTokensOnce(): void {
    this.parts.settings.isRefreshTokenUsedOnce = true;
  }

  /** AADSTS7000222 from now on. */
  expireSecrets(clientId: string = defaultApplication.clientId): void {
    for (const secret of this.requireApplication(clientId).secrets) secret.expiresAt = this.world.clock.now();
  }

  /** The old ones are gone: AADSTS7000215 for whoever still uses them. */
  replaceSecret(value: string, clientId: string = defaultApplication.clientId): void {
    const expiresAt = this.world.clock.now().add({ hours: 24 * 180 });
    this.requireApplication(clientId).secrets = [{ value, expiresAt }];
  }

  allowRedirect(uri: string, clientId: string = defaultApplication.clientId): void {
    this.requireApplication(clientId).redirectUris.push(uri);
  }

  /** Who answers the sign-in page next; undefined cancels it. */
  signIn(account: Account | undefined): void {
    this.world.signedIn = account;
  }

  /** An administrator removed the application from the tenant: AADSTS700016 or AADSTS65001. */
  removeConsent(tenantId: string, clientId: string = defaultApplication.clientId): void {
    this.world.tenant(tenantId).consents.delete(clientId);
  }

  /** Only these permissions, of both kinds; tokens that were issued before keep theirs, as Microsoft's do. */
  grantOnly(tenantId: string, permissions: readonly string[], clientId: string = defaultApplication.clientId): void {
    this.world.tenant(tenantId).consents.set(clientId, {
      applicationPermissions: new Set(permissions),
      delegatedPermissions: new Set(permissions),
    });
  }

  /** The customer or the partner terminated it: the list says so, and delegated access ends. */
  removeRelationship(customerTenantId: string): void {
    for (const relationship of this.world.relationships) {
      if (relationship.customerTenantId === customerTenantId) relationship.isTerminated = true;
    }
  }

  throttleNext(count: number, throttle: Partial<Throttle> = {}): void {
    this.parts.faults.throttleNext(count, { retryAfterS: 1, code: 'TooManyRequests', ...throttle });
  }

  failNext(count: number, fault: Partial<Omit<Throttle, 'code'>> = {}): void {
    this.parts.faults.failNext(count, { retryAfterS: 1, ...fault });
  }

  /** A new user with the given properties; its id is given or new. */
  addUser(tenantId: string, properties: { readonly [property: string]: Json }): GraphObject {
    const tenant = this.world.tenant(tenantId);
    const id = typeof properties['id'] === 'string' ? properties['id'] : randomUUID();
    const user: GraphObject = {
      ...emptyUser(),
      displayName: 'New user',
      userPrincipalName: `user-${id}@${tenant.defaultDomain}`,
      createdDateTime: this.world.clock.now().toString({ smallestUnit: 'second' }),
      ...properties,
      id,
    };
    tenant.addUser(user);
    return user;
  }

  changeUser(tenantId: string, userId: string, properties: { readonly [property: string]: Json }): void {
    this.world.tenant(tenantId).changeUser(userId, properties);
  }

  removeUser(tenantId: string, userId: string): void {
    this.world.tenant(tenantId).removeUser(userId);
  }

  /** "Synchronization reset": every delta token of the tenant is answered with 410. */
  resetSync(tenantId: string): void {
    this.world.tenant(tenantId).syncGeneration += 1;
  }

  /** Sends the event to every living subscription of the tenant, and does to it what the event says. */
  sendLifecycleEvent(tenantId: string, event: LifecycleEvent): void {
    for (const subscription of this.parts.notifications.living()) {
      if (subscription.tenantId === tenantId) this.parts.notifications.sendLifecycleEvent(subscription, event);
    }
  }

  /** Until all notifications under way are answered. */
  async notificationsSettled(): Promise<void> {
    await this.parts.notifications.settled();
  }

  /** Sends again what was not answered with 2xx in the last four hours. */
  async retryNotifications(): Promise<void> {
    await this.parts.notifications.retry();
  }

  async stop(): Promise<void> {
    await this.parts.notifications.settled();
    await Promise.all([this.parts.login.stop(), this.parts.graph.stop()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  private requireApplication(clientId: string) {
    const application = this.world.applications.get(clientId);
    if (application === undefined) throw new Error(`There is no application ${clientId}.`);
    return application;
  }
}

interface Listener {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

interface Parts {
  readonly world: World;
  readonly tokens: Tokens;
  readonly notifications: Notifications;
  readonly faults: Faults;
  readonly requests: RecordedRequest[];
  readonly settings: { isRefreshTokenUsedOnce: boolean };
  readonly login: Listener;
  readonly graph: Listener;
}

/** Starts Microsoft's login authority and Graph on free loopback ports, with the default world unless another is given. */
export async function startMicrosoft365(options: { readonly world?: World } = {}): Promise<Microsoft365> {
  const world = options.world ?? createDefaultWorld();
  const tokens = new Tokens(world.clock);
  const notifications = new Notifications(world);
  const faults = new Faults();
  const requests: RecordedRequest[] = [];
  const settings = { isRefreshTokenUsedOnce: false };
  let graphUrl = '';
  const shared = { world, tokens, pages: new PageTokens(), baseUrl: () => graphUrl };
  const graph = await listen(createGraph({ graph: shared, notifications, faults, requests }));
  graphUrl = graph.url;
  const login = await listen(createLogin({ world, tokens, settings }));
  return new Microsoft365({ world, tokens, notifications, faults, requests, settings, login, graph });
}

async function listen(app: Hono | Hono<GraphEnv>): Promise<Listener> {
  const server: ServerType = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined || error === null ? resolve() : reject(error)));
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
