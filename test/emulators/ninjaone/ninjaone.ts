import { randomBytes, randomUUID } from 'node:crypto';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { makeApi } from './api.ts';
import { Jobs } from './jobs.ts';
import { NinjaError } from './ninja-error.ts';
import { type NinjaScope, Tokens } from './tokens.ts';
import { type WebhookConfiguration, type WebhookDelivery, WebhookSender } from './webhook.ts';
import { type Alert, makeWorld, type World } from './world.ts';

export type { NinjaScope } from './tokens.ts';
export type { WebhookConfiguration, WebhookDelivery } from './webhook.ts';
export type { Alert, World } from './world.ts';

export interface NinjaOneOptions {
  /** The clock of the service; the machine's where it is absent. */
  readonly now?: () => Temporal.Instant;
  /** What the client application may do; everything where it is absent. */
  readonly scopes?: readonly NinjaScope[];
  /** How long a script or a reboot takes, by that clock; 5 seconds where it is absent. */
  readonly jobMs?: number;
}

/** One request in the log. */
export interface NinjaRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** A running emulator, and what tests may do to it. */
export interface NinjaOneEmulator {
  /** The address of the instance, as `https://app.ninjarmm.com` would be. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What it holds now. Tests change it: names, `isOffline`, more rows, fewer devices. */
  readonly world: World;
  readonly requests: readonly NinjaRequest[];
  readonly deliveries: readonly WebhookDelivery[];
  /** What was last put to `/v2/webhook`. */
  webhook(): WebhookConfiguration | undefined;
  /** A condition triggers on a device: an active alert, a line in the log, a delivery. Gives the alert's uid. */
  raiseAlert(deviceId: number, alert?: Partial<Alert>): string;
  /** The condition ends by itself; false where there is no such alert. */
  resetAlert(uid: string): boolean;
  /** Waits until every webhook that was sent is delivered. */
  delivered(): Promise<void>;
  /** The next requests to the API are refused as too many; `retryAfterSeconds` goes into the answer where it is given. */
  throttle(requests: number, retryAfterSeconds?: number): void;
  /** The next requests to the API fail inside NinjaOne. */
  fail(requests: number): void;
  /** Ends every access token, as when the client application is edited. */
  revokeTokens(): void;
  stop(): Promise<void>;
}

/** Starts NinjaOne on a free port of the loopback address. */
export async function startNinjaOne(options: NinjaOneOptions = {}): Promise<NinjaOneEmulator> {
  const now = options.now ?? (() => Temporal.Now.instant());
  const world = makeWorld(now());
  const client = {
    clientId: randomBytes(12).toString('base64url'),
    clientSecret: randomBytes(24).toString('base64url'),
  };
  const tokens = new Tokens({ ...client, scopes: options.scopes ?? ['monitoring', 'management', 'control'] }, now);
  const webhook = new WebhookSender(world);
  const jobs = new Jobs({ now, jobMs: options.jobMs ?? 5000, onActivity: (activity) => webhook.send(activity) });
  const logAlert = (alert: Alert, statusCode: string): void =>
    jobs.record({
      deviceId: alert.deviceId,
      seriesUid: alert.uid,
      activityType: 'CONDITION',
      statusCode,
      status: statusCode.toLowerCase(),
      sourceName: alert.sourceName,
      subject: alert.subject,
      message: alert.message,
      type: 'Condition',
    });
  const resetAlert = (uid: string): boolean => {
    const index = world.alerts.findIndex((alert) => alert.uid === uid);
    const [alert] = index < 0 ? [] : world.alerts.splice(index, 1);
    if (alert !== undefined) logAlert(alert, 'RESET');
    return alert !== undefined;
  };

  const pending: NinjaError[] = [];
  const requests: NinjaRequest[] = [];
  const app = new Hono();
  app.use('*', async (c, next) => {
    await next();
    requests.push({ method: c.req.method, path: c.req.path, status: c.res.status });
  });
  app.onError((error) => {
    if (error instanceof NinjaError) return error.answer();
    throw error;
  });
  app.notFound(() => new NinjaError(404, 'Not found').answer());
  // Both addresses are in the documentation.
  for (const path of ['/ws/oauth/token', '/oauth/token']) app.post(path, (c) => tokens.issue(c.req.raw));
  const api = makeApi({ world, tokens, jobs, webhook, now, resetAlert });
  for (const path of ['/v2', '/api/v2']) {
    app.use(`${path}/*`, async (_c, next) => {
      const refusal = pending.shift();
      if (refusal !== undefined) throw refusal;
      await next();
    });
    app.route(path, api);
  }
  const { server, port } = await new Promise<{ server: ReturnType<typeof serve>; port: number }>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info) =>
      resolve({ server: started, port: info.port }),
    );
  });

  return {
    url: `http://127.0.0.1:${port}`,
    ...client,
    world,
    requests,
    deliveries: webhook.deliveries,
    webhook: () => webhook.configuration,
    raiseAlert(deviceId, overrides = {}) {
      const alert: Alert = {
        uid: randomUUID(),
        deviceId,
        message: 'CPU utilization is above 95 % for 15 minutes',
        subject: 'CPU',
        sourceType: 'CONDITION_AGENT_CPU',
        sourceName: 'CPU high',
        createdAt: now(),
        ...overrides,
      };
      world.alerts.push(alert);
      logAlert(alert, 'TRIGGERED');
      return alert.uid;
    },
    resetAlert,
    delivered: () => webhook.settle(),
    throttle(count, retryAfterSeconds) {
      const headers: Record<string, string> =
        retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      for (let index = 0; index < count; index += 1) pending.push(new NinjaError(429, 'Too many requests.', headers));
    },
    fail(count) {
      for (let index = 0; index < count; index += 1) pending.push(new NinjaError(500, 'Internal server error.'));
    },
    revokeTokens: () => tokens.revoke(),
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      }),
  };
}
