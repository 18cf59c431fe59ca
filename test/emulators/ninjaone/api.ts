import { Hono } from 'hono';
import { Cursors } from './cursors.ts';
import { readDeviceFilter } from './device-filter.ts';
import type { Jobs } from './jobs.ts';
import { NinjaError } from './ninja-error.ts';
import { computerSystem, presentAlert, presentDeviceDetails, presentOrganization, seconds } from './present.ts';
import type { NinjaScope, Tokens } from './tokens.ts';
import { readWebhookConfiguration, type WebhookSender } from './webhook.ts';
import { type Device, roles, type World } from './world.ts';

/** What the API works on. */
export interface ApiParts {
  readonly world: World;
  readonly tokens: Tokens;
  readonly jobs: Jobs;
  readonly webhook: WebhookSender;
  readonly now: () => Temporal.Instant;
  readonly resetAlert: (uid: string) => boolean;
}

function wholeNumber(
  value: string | undefined,
  name: string,
  bounds: { min: number; max: number; fallback: number },
): number {
  if (value === undefined) return bounds.fallback;
  const number = Number(value);
  if (Number.isInteger(number) && number >= bounds.min && number <= bounds.max) return number;
  throw new NinjaError(400, `${name} must be a whole number from ${bounds.min} to ${bounds.max}.`);
}

/** The paths under `/v2`. Reading needs `monitoring`, changing and running needs `management`. */
export function makeApi(parts: ApiParts): Hono {
  const { world, tokens, jobs } = parts;
  const api = new Hono();
  const cursors = new Cursors(parts.now);
  const need = (request: Request, scope: NinjaScope): void => {
    tokens.check(request, scope);
    jobs.advance(world.devices);
  };
  const deviceOf = (id: string): Device => {
    const device = /^\d+$/u.test(id) ? world.devices.find((one) => one.id === Number(id)) : undefined;
    if (device === undefined) throw new NinjaError(404, `Device ${id} was not found.`);
    return device;
  };

  api.get('/organizations', (c) => {
    need(c.req.raw, 'monitoring');
    const after = wholeNumber(c.req.query('after'), 'after', { min: 0, max: 2 ** 31 - 1, fallback: 0 });
    const size = wholeNumber(c.req.query('pageSize'), 'pageSize', { min: 1, max: 1000, fallback: 1000 });
    const found = world.organizations.filter((one) => one.id > after).toSorted((a, b) => a.id - b.id);
    return c.json(found.slice(0, size).map(presentOrganization));
  });

  api.get('/devices-detailed', (c) => {
    need(c.req.raw, 'monitoring');
    const after = wholeNumber(c.req.query('after'), 'after', { min: 0, max: 2 ** 31 - 1, fallback: 0 });
    const size = wholeNumber(c.req.query('pageSize'), 'pageSize', { min: 1, max: 1000, fallback: 1000 });
    const isWanted = readDeviceFilter(c.req.query('df'));
    const found = world.devices.filter((one) => one.id > after && isWanted(one)).toSorted((a, b) => a.id - b.id);
    return c.json(found.slice(0, size).map(presentDeviceDetails));
  });

  api.get('/device/:id', (c) => {
    need(c.req.raw, 'monitoring');
    return c.json(presentDeviceDetails(deviceOf(c.req.param('id'))));
  });

  const reports: Record<string, () => readonly { readonly deviceId: number }[]> = {
    software: () => world.software,
    'os-patches': () => world.osPatches,
    'software-patches': () => world.softwarePatches,
    // Nothing was installed lately.
    'os-patch-installs': () => [],
    'software-patch-installs': () => [],
    'computer-systems': () => world.devices.map((device) => ({ deviceId: device.id, ...computerSystem(device) })),
  };
  api.get('/queries/:report', (c) => {
    need(c.req.raw, 'monitoring');
    const report = c.req.param('report');
    const rows = reports[report];
    if (rows === undefined) throw new NinjaError(404, 'Not found');
    const isWanted = readDeviceFilter(c.req.query('df'));
    const size = wholeNumber(c.req.query('pageSize'), 'pageSize', { min: 1, max: 10_000, fallback: 1000 });
    const status = c.req.query('status');
    const page = cursors.page(report, c.req.query('cursor'), size, () =>
      rows()
        .filter((row) => world.devices.some((device) => device.id === row.deviceId && isWanted(device)))
        .filter((row) => status === undefined || ('status' in row && row.status === status))
        .map((row) => ({ ...row, timestamp: seconds(parts.now()) })),
    );
    return c.json(page);
  });

  api.get('/alerts', (c) => {
    need(c.req.raw, 'monitoring');
    const isWanted = readDeviceFilter(c.req.query('df'));
    const sourceType = c.req.query('sourceType');
    const found = world.alerts.filter(
      (alert) =>
        (sourceType === undefined || alert.sourceType === sourceType) &&
        world.devices.some((device) => device.id === alert.deviceId && isWanted(device)),
    );
    return c.json(found.map((alert) => presentAlert(alert, world)));
  });

  const reset = (uid: string): Response => {
    if (!parts.resetAlert(uid)) throw new NinjaError(404, `Alert ${uid} was not found.`);
    return new Response(null, { status: 204 });
  };
  api.delete('/alert/:uid', (c) => {
    need(c.req.raw, 'management');
    return reset(c.req.param('uid'));
  });
  api.post('/alert/:uid/reset', (c) => {
    need(c.req.raw, 'management');
    return reset(c.req.param('uid'));
  });

  addDeviceActions(api, parts, need, deviceOf);
  addLog(api, parts, need, deviceOf);
  addWebhook(api, parts, need);
  return api;
}

type Need = (request: Request, scope: NinjaScope) => void;

function addDeviceActions(api: Hono, { world, jobs }: ApiParts, need: Need, deviceOf: (id: string) => Device): void {
  api.post('/device/:id/reboot/:mode', async (c) => {
    need(c.req.raw, 'management');
    const device = deviceOf(c.req.param('id'));
    const mode = c.req.param('mode');
    if (mode !== 'NORMAL' && mode !== 'FORCED') throw new NinjaError(400, 'mode must be NORMAL or FORCED.');
    jobs.request(device, 'reboot', `Reboot (${mode})`);
    return c.body(null, 204);
  });

  api.get('/device/:id/scripting/options', (c) => {
    need(c.req.raw, 'management');
    deviceOf(c.req.param('id'));
    return c.json({
      categories: [{ id: 1, name: 'Maintenance', internal: false }],
      scripts: world.scripts.map((script) => ({
        ...script,
        description: script.name,
        architecture: ['32', '64'],
        categoryId: 1,
      })),
      credentials: { roles, credentials: [] },
    });
  });

  api.post('/device/:id/script/run', async (c) => {
    need(c.req.raw, 'management');
    const device = deviceOf(c.req.param('id'));
    const body = await c.req.json<Record<string, unknown>>().catch(() => undefined);
    if (body === undefined) throw new NinjaError(400, 'The body must be JSON.');
    const { type, id, uid, runAs } = body;
    if (type !== 'SCRIPT' && type !== 'ACTION') throw new NinjaError(400, 'type must be SCRIPT or ACTION.');
    const script = world.scripts.find(
      (one) => one.type === type && (type === 'SCRIPT' ? one.id === id : one.uid === uid),
    );
    if (script === undefined) throw new NinjaError(404, 'The script was not found.');
    if (runAs !== undefined && !roles.some((role) => role === runAs))
      throw new NinjaError(400, 'runAs is no credential role.');
    jobs.request(device, 'script', script.name, script.name === 'Script that fails');
    return c.body(null, 204);
  });
}

function addLog(api: Hono, { world, jobs }: ApiParts, need: Need, deviceOf: (id: string) => Device): void {
  const page = (query: Record<string, string>, deviceIds: ReadonlySet<number>): object => {
    const size = wholeNumber(query['pageSize'], 'pageSize', { min: 10, max: 1000, fallback: 200 });
    // The reference describes the two the other way round than their names; they do what their names say.
    const older = query['olderThan'] === undefined ? Number.POSITIVE_INFINITY : Number(query['olderThan']);
    const newer = query['newerThan'] === undefined ? 0 : Number(query['newerThan']);
    const activities = jobs
      .activities(deviceIds)
      .filter((one) => one.id < older && one.id > newer)
      .filter((one) => query['seriesUid'] === undefined || one.seriesUid === query['seriesUid'])
      .filter((one) => query['status'] === undefined || one.statusCode === query['status'])
      .slice(0, size);
    return { lastActivityId: activities[0]?.id ?? newer, activities };
  };
  api.get('/device/:id/jobs', (c) => {
    need(c.req.raw, 'monitoring');
    return c.json(jobs.active(new Set([deviceOf(c.req.param('id')).id])));
  });
  api.get('/device/:id/activities', (c) => {
    need(c.req.raw, 'monitoring');
    return c.json(page(c.req.query(), new Set([deviceOf(c.req.param('id')).id])));
  });
  const wanted = (filter: string | undefined): ReadonlySet<number> =>
    new Set(world.devices.filter(readDeviceFilter(filter)).map((device) => device.id));
  api.get('/jobs', (c) => {
    need(c.req.raw, 'monitoring');
    return c.json(jobs.active(wanted(c.req.query('df'))));
  });
  api.get('/activities', (c) => {
    need(c.req.raw, 'monitoring');
    return c.json(page(c.req.query(), wanted(c.req.query('df'))));
  });
}

function addWebhook(api: Hono, { webhook }: ApiParts, need: Need): void {
  api.put('/webhook', async (c) => {
    need(c.req.raw, 'management');
    webhook.configuration = readWebhookConfiguration(await c.req.json<unknown>().catch(() => undefined));
    return c.body(null, 204);
  });
  api.delete('/webhook', (c) => {
    need(c.req.raw, 'management');
    webhook.configuration = undefined;
    return c.body(null, 204);
  });
}
