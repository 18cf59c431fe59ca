import type { Page } from 'playwright-core';
import { ACME_CAPABILITIES, ACME_SOURCE, startAcmeVendor, type AcmeVendor } from './acme-plugin.ts';
import { command, query } from './call-api.ts';
import { packTestPlugin } from './test-plugin.ts';

/** Uploads and installs the plugin of `acme-plugin.ts` with the cookies of a page, as an administrator who consents. Answers its id. */
export async function installAcme(page: Page): Promise<string> {
  const { origin } = new URL(page.url());
  const response = await page.request.post(`${origin}/api/v1/plugin-packages`, {
    data: Buffer.from(await packTestPlugin({ source: ACME_SOURCE, capabilities: ACME_CAPABILITIES })),
    headers: {
      origin,
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="acme.bailiwick-plugin"',
    },
  });
  if (!response.ok()) throw new Error(`The upload was answered ${response.status()}: ${await response.text()}`);
  const { packageId } = (await response.json()) as { packageId: string };
  const { digest } = await query<{ digest: string }>(page, 'plugins.previewPlugin', { packageId });
  return (await command<{ pluginId: string }>(page, 'plugins.installPlugin', { packageId, digest })).pluginId;
}

/** Installs it, connects a vendor on loopback whose one site is the client's, with actions on, and waits until its device is read. End the vendor when the server has ended. */
export async function connectAcme(page: Page, clientId: string): Promise<AcmeVendor> {
  const vendor = await startAcmeVendor();
  vendor.sites.push({ id: 'north', name: 'North', kind: 'site' }, { id: 'south', name: 'South', kind: 'site' });
  vendor.devices.set('north', ['acme-db-1', 'acme-web-1']);
  vendor.alerts.set('acme-db-1', 'The disk of acme-db-1 fills up');
  const { connectionId } = await command<{ connectionId: string }>(page, 'plugin-host.createConnection', {
    pluginId: await installAcme(page),
    type: 'account',
    name: 'Acme of Northgate',
    config: { url: vendor.url },
    secrets: { key: vendor.key },
    approvals: [
      { kind: 'origin', value: vendor.url },
      { kind: 'network', value: '127.0.0.0/8' },
    ],
  });
  const listScopes = () =>
    query<{ items: { id: string; externalId: string; version: number }[] }>(page, 'plugin-scopes.listScopes', {
      connectionId,
    });
  const scope = await until(async () => (await listScopes()).items.find(({ externalId }) => externalId === 'north'));
  await command(page, 'plugin-scopes.mapScope', { scopeId: scope.id, version: scope.version, clientId });
  await command(page, 'plugin-scopes.setSwitches', { scopeIds: [scope.id], actionsEnabled: true });
  const device = await until(async () => {
    const { items } = await query<{ items: { externalId: string }[] }>(page, 'plugin-sync.listRecords', {
      entity: 'device',
      connectionId,
    });
    return items[0];
  });
  await command(page, 'plugin-actions.planAction', {
    connectionId,
    scopeId: scope.id,
    action: 'reboot',
    input: { target: device.externalId, reason: 'It hangs' },
  });
  return vendor;
}

const TRIES = 120;

/** Asks again until there is something. Throws after a minute. */
async function until<Value>(ask: () => Promise<Value | undefined>): Promise<Value> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const value = await ask();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('The plugin did not come so far in a minute.');
}
