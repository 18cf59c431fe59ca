import { defineConfig, defineConnection, field } from '@bailiwick/sdk';
import { listAfter, row, rows, text } from './api.ts';

/** What the operator is asked for. */
export const config = defineConfig({
  url: field.url({ label: 'Address', example: 'https://eu.ninjarmm.com', pattern: '[^/]+//[^/]+' }),
  clientId: field.text({ label: 'Client ID', max: 200 }),
  clientSecret: field.secret({ label: 'Client secret' }),
  webhookToken: field.secret({ label: 'Token of the webhook', help: 'A long text of your own.', optional: true }),
});

// Without a scope NinjaOne gives all that the client application has.
const client = { clientId: '{config.clientId}', clientSecret: '{secret.clientSecret}' };

/** A NinjaOne instance, reached by a machine-to-machine client application. */
export const instance = defineConnection({
  name: 'instance',
  label: 'NinjaOne',
  help: 'Under Administration → Apps → API → Client App IDs add one for API services (machine-to-machine), with the scope Monitoring, and Management for scripts and reboots.',
  config,
  baseUrl: '{config.url}/v2/',
  auth: { kind: 'oauth2-client', tokenUrl: '{config.url}/ws/oauth/token', ...client },
  // NinjaOne publishes no limit for version 2.
  limits: [{ per: 'connection', requests: 240, seconds: 60, concurrency: 4 }],
  async check(ctx) {
    const found = rows(await ctx.http.get('organizations', { query: { pageSize: 1 } }));
    const warnings = found.length === 0 ? ['The instance has no organisations.'] : [];
    return { account: `${ctx.config.clientId} at ${new URL(ctx.config.url).host}`, warnings };
  },
  async *discoverScopes(ctx) {
    const serials = new Map<unknown, string[]>();
    for await (const page of listAfter(ctx, 'devices-detailed'))
      for (const { organizationId, system } of page) {
        const serial = text(row(system)['serialNumber']);
        if (serial !== undefined) serials.set(organizationId, [...(serials.get(organizationId) ?? []), serial]);
      }
    for await (const page of listAfter(ctx, 'organizations'))
      yield page.map(({ id, name }) => {
        const hints = { deviceSerials: serials.get(id) ?? [] };
        return { id: String(id), name: text(name) ?? `Organisation ${String(id)}`, kind: 'organisation', hints };
      });
  },
});
