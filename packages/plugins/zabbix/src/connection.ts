import { defineConnection, NotSupported, type AuthScheme, type Placement } from '@bailiwick/sdk';
import { call } from './api.ts';
import { config } from './config.ts';
import { listScopes } from './scopes.ts';

// Answered without a credential, and refused with one.
const open = ['apiinfo.version', 'user.login'];

const inBody = (value: string): readonly Placement[] => [{ in: 'body', pointer: '/auth', value, except: open }];

const password: AuthScheme = {
  kind: 'login',
  request: {
    method: 'POST',
    url: '{config.url}',
    headers: { 'content-type': 'application/json' },
    body: {
      jsonrpc: '2.0',
      id: 1,
      method: 'user.login',
      params: { username: '{config.username}', password: '{secret.password}' },
    },
  },
  token: '/result',
  // Zabbix ends an idle session after 15 minutes where the user's profile says nothing else.
  expiresInSeconds: 600,
  apply: inBody('{token}'),
};

/** A Zabbix server, reached through the API of its frontend. */
export const server = defineConnection({
  name: 'server',
  label: 'Zabbix server',
  help: 'Make a user for Bailiwick whose group may read the host groups of your customers, and an API token for it under Administration → General → API tokens.',
  config,
  baseUrl: '{config.url}',
  auth: {
    kind: 'choice',
    field: 'signIn',
    schemes: {
      token: { kind: 'key', placements: inBody('{secret.token}') },
      'token-in-header': {
        kind: 'key',
        placements: [{ in: 'header', name: 'Authorization', value: 'Bearer {secret.token}' }],
      },
      password,
    },
  },
  // Zabbix states no limit; each request is a process of the frontend.
  limits: [{ per: 'connection', requests: 600, seconds: 60, concurrency: 2 }],
  async check(ctx) {
    const version = await call<string>(ctx, 'apiinfo.version', []);
    const groups = await call<string>(ctx, 'hostgroup.get', { countOutput: true });
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major * 100 + minor < 504)
      throw new NotSupported(`Zabbix ${version} is too old; 5.4 is the first with API tokens.`);
    return {
      account: `${ctx.config.username ?? 'API token'} at Zabbix ${version}`,
      warnings:
        Number(groups) === 0 ? ['The user sees no host group: give its user group the right to read them.'] : [],
    };
  },
  discoverScopes: listScopes,
});
