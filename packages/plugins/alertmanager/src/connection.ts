import { ConfigInvalid, defineConnection } from '@bailiwick/sdk';
import { listAlerts } from './alerts.ts';
import { api, config } from './config.ts';

/** Alertmanager's own account of itself. */
export interface Status {
  readonly versionInfo?: { readonly version?: string };
  /** When it was started. */
  readonly uptime?: string;
}

export const server = defineConnection({
  name: 'server',
  label: 'Alertmanager',
  help: 'It asks for no sign-in by itself; choose basic or bearer where a proxy in front of it does.',
  config,
  baseUrl: '{config.url}',
  auth: {
    kind: 'choice',
    field: 'signIn',
    schemes: {
      none: { kind: 'none' },
      basic: { kind: 'basic', username: '{config.username}', password: '{secret.password}' },
      bearer: {
        kind: 'key',
        placements: [{ in: 'header', name: 'Authorization', value: 'Bearer {secret.token}' }],
      },
    },
  },
  // It states no limit.
  limits: [{ per: 'connection', requests: 300, seconds: 60, concurrency: 2 }],
  async check(ctx) {
    const { versionInfo } = await ctx.http.get<Status>(api(ctx, 'status'));
    if (versionInfo?.version === undefined) throw new ConfigInvalid('url', 'No Alertmanager answers here.');
    return { account: `Alertmanager ${versionInfo.version} at ${new URL(ctx.config.url).host}` };
  },
  async *discoverScopes(ctx) {
    // Alertmanager forgets a customer with its last alert; a scope that was seen once stays.
    const known = (await ctx.state?.get<readonly string[]>('scopes')) ?? [];
    const current = (await listAlerts(ctx)).flatMap(({ labels }) => labels[ctx.config.scopeLabel] ?? []);
    const names = [...new Set([...known, ...(ctx.config.customers ?? []), ...current])].filter((name) => name !== '');
    await ctx.state?.set('scopes', names);
    yield names.toSorted().map((name) => ({
      id: name,
      name,
      kind: ctx.config.scopeLabel.toLowerCase().replaceAll('_', '-'),
      hints: { customerNumber: name },
    }));
  },
});
