import type { AuthChoice, AuthScheme, PluginManifest, Template } from '@bailiwick/sdk';
import type { ConnectionDescription, PluginDescription } from '../description.ts';
import { BundleRefused } from './bundle-refused.ts';
import { matchesHost } from '../egress/policy.ts';
import { egressField } from './egress-pattern.ts';

/**
 * Checks the templates: that their places name fields that are there, that no secret stands in an address, and that the host of each address is declared.
 *
 * @throws BundleRefused
 */
export function checkAddresses(manifest: PluginManifest, description: PluginDescription): void {
  manifest.egress.forEach((pattern, index) => {
    const key = egressField(pattern);
    const isKnown = key === undefined || description.connections.some(({ config }) => isHostField(config, key));
    if (isKnown) return;
    const field = `plugin.json/egress/${index}`;
    throw new BundleRefused('unknown-reference', field, 'names no url or text field of a connection type.');
  });
  description.connections.forEach((connection, index) => {
    const field = `contributions.json/connections/${index}`;
    checkPlaces(connection, `${field}/auth`, connection.auth);
    checkPlaces(connection, `${field}/headers`, connection.headers);
    checkPlaces(connection, `${field}/baseUrl`, connection.baseUrl);
    checkAddress(manifest, connection, `${field}/baseUrl`, connection.baseUrl);
    for (const [name, template] of authAddresses(connection.auth)) {
      checkAddress(manifest, connection, `${field}/auth/${name}`, template);
    }
  });
  description.webhooks.forEach((webhook, index) => {
    const connection = description.connections.find(({ name }) => name === webhook.connection);
    if (connection !== undefined)
      checkPlaces(connection, `contributions.json/webhooks/${index}/verify`, webhook.verify);
  });
}

function isHostField(config: ConnectionDescription['config'], key: string): boolean {
  const kind = config[key]?.kind;
  return kind === 'url' || kind === 'text' || kind === 'choice';
}

function authAddresses(auth: AuthScheme | AuthChoice): readonly (readonly [string, Template])[] {
  switch (auth.kind) {
    case 'choice':
      return Object.entries(auth.schemes).flatMap(([key, scheme]) =>
        authAddresses(scheme).map(([name, template]) => [`schemes/${key}/${name}`, template] as const),
      );
    case 'login':
      return [['request/url', auth.request.url]];
    case 'oauth2-client':
    case 'oauth2-code':
      return [
        ['tokenUrl', auth.tokenUrl],
        ...(typeof auth.perScope === 'object' ? [['perScope/tokenUrl', auth.perScope.tokenUrl] as const] : []),
      ];
    case 'aws-sigv4':
      return auth.assumeRole === undefined ? [] : [['assumeRole/stsUrl', auth.assumeRole.stsUrl]];
    case 'none':
    case 'key':
    case 'basic':
      return [];
  }
}

const place = /\{([a-z]+)\.([^{}]*)\}/g;

function checkPlaces(connection: ConnectionDescription, field: string, value: unknown): void {
  if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) checkPlaces(connection, `${field}/${key}`, member);
  }
  if (typeof value !== 'string') return;
  for (const [whole, kind, key = ''] of value.matchAll(place)) {
    const { config } = connection;
    const isSecret = config[key]?.kind === 'secret';
    const isKnown =
      (kind === 'config' && config[key] !== undefined && !isSecret) ||
      (kind === 'secret' && isSecret) ||
      (kind === 'scope' && ['id', 'name', 'kind'].includes(key)) ||
      kind === 'header';
    if (!isKnown) throw new BundleRefused('unknown-reference', field, `${whole} names nothing that is there.`);
  }
}

/** Relative addresses start at the base, whose host is checked itself. */
function checkAddress(
  manifest: PluginManifest,
  connection: ConnectionDescription,
  field: string,
  template: Template,
): void {
  if (/\{(secret\.|token\})/.test(template)) {
    throw new BundleRefused('bad-field', field, 'holds a secret: addresses are written into logs.');
  }
  const start = /^\{config\.([A-Za-z0-9]+)\}/.exec(template);
  if (start !== null) {
    const key = start[1] ?? '';
    if (manifest.egress.includes(`{config.${key}}`)) return;
    throw new BundleRefused('egress-missing', field, `{config.${key}} is not in egress of plugin.json.`);
  }
  const [, host] = /^https?:\/\/([^/?#]*)/.exec(template) ?? [];
  if (host === undefined) {
    if (field.endsWith('/baseUrl')) throw new BundleRefused('bad-field', field, 'is no http or https address.');
    return;
  }
  if (!isHostDeclared(manifest, connection, host)) {
    throw new BundleRefused('egress-missing', field, `${host} is not in egress of plugin.json.`);
  }
}

/** A place inside the host is one label, so `{config.region}.api.example.com` needs `*.api.example.com` or each of the choices. */
function isHostDeclared(manifest: PluginManifest, connection: ConnectionDescription, host: string): boolean {
  const whole = /^\{config\.([A-Za-z0-9]+)\}(?::\d+)?$/.exec(host);
  if (whole !== null) return manifest.egress.includes(`{config.${whole[1] ?? ''}}`);
  const inner = /\{config\.([A-Za-z0-9]+)\}/.exec(host);
  if (inner === null) return manifest.egress.some((pattern) => matchesHost(pattern, host.toLowerCase()));
  const chosen = connection.config[inner[1] ?? ''];
  const values = chosen?.kind === 'choice' ? chosen.values : ['any-label'];
  return values.every((value) => isHostDeclared(manifest, connection, host.replace(inner[0], value)));
}
