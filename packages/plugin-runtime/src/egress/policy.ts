import type { Json } from '@bailiwick/sdk';
import { classifyAddress, isInNetwork } from './address.ts';
import { badPorts } from './bad-ports.ts';
import { EgressRefused } from './egress-error.ts';

/** Where the requests of one connection may go. Made by `egressPolicy` from the manifest, the configuration and what administrators approved. */
export interface EgressPolicy {
  /** Patterns of hosts that are reached by https on port 443. `*` stands for exactly one label, never one of the last two. */
  readonly hosts: readonly string[];
  /** Origins that an administrator approved for this connection, such as `http://monitor.lan:8080`. Nothing else may use http or another port. */
  readonly origins: readonly string[];
  /** CIDR blocks (`10.1.0.0/16`, `fd12::/64`) and hosts (`monitor.lan`, `10.1.2.3`) whose private addresses are approved for this connection. */
  readonly networks: readonly string[];
}

/** What an administrator approved for one connection. */
export interface EgressApprovals {
  readonly origins: readonly string[];
  readonly networks: readonly string[];
}

const configPlace = /^\{config\.([A-Za-z0-9_]+)\}$/;

/**
 * The policy of a connection. A `{config.x}` whose origin is not approved is left out, so that it cannot be reached.
 *
 * @param egress the manifest's list
 * @param config the connection's configuration, without secrets
 */
export function egressPolicy(
  egress: readonly string[],
  config: Readonly<Record<string, Json>>,
  approvals: EgressApprovals,
): EgressPolicy {
  const approved = new Set(approvals.origins.map((origin) => originOf(origin)));
  return {
    hosts: egress.filter((pattern) => !configPlace.test(pattern)).map((pattern) => pattern.toLowerCase()),
    origins: originsToApprove(egress, config).filter((origin) => approved.has(origin)),
    networks: approvals.networks,
  };
}

/** The origins in the configuration that an administrator has to approve before they are reached; each once, in the manifest's order. */
export function originsToApprove(egress: readonly string[], config: Readonly<Record<string, Json>>): readonly string[] {
  const origins = egress.flatMap((pattern) => {
    const field = configPlace.exec(pattern)?.[1];
    const value = field === undefined ? undefined : config[field];
    const origin = typeof value === 'string' ? originOf(value) : null;
    return origin === null ? [] : [origin];
  });
  return [...new Set(origins)];
}

/** The origin of an address; a plain host is taken as https. Null where it is no http address. */
function originOf(value: string): string | null {
  const text = value.includes('://') ? value : `https://${value}`;
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  return url.origin;
}

/**
 * Checks an address against everything but name resolution. It is parsed once, here: what is checked is what is connected to.
 *
 * @returns the parsed address, its host as WHATWG URL normalises it (`0x7f.1` is 127.0.0.1)
 * @throws EgressRefused
 */
export function checkUrl(policy: EgressPolicy, address: string): URL {
  const url = URL.parse(address);
  if (url === null) throw new EgressRefused('url', '', 'The address is not a valid URL.');
  const host = url.hostname;
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new EgressRefused('scheme', host, `Only http and https are spoken, not "${url.protocol.slice(0, -1)}".`);
  if (url.username !== '' || url.password !== '')
    throw new EgressRefused('userinfo', host, 'An address may not hold a user name or password.');
  if (badPorts.has(portOf(url)))
    throw new EgressRefused('port', host, `Port ${portOf(url)} belongs to another protocol.`);
  if (!policy.origins.includes(url.origin)) checkDeclared(policy, url);
  const literal = literalOf(url);
  if (literal !== null) checkAddress(policy, host, literal);
  return url;
}

function checkDeclared(policy: EgressPolicy, url: URL): void {
  if (!policy.hosts.some((pattern) => matchesHost(pattern, url.hostname)))
    throw new EgressRefused(
      'host',
      url.hostname,
      `The host ${url.host} is neither declared by the plugin nor approved.`,
    );
  if (url.protocol !== 'https:')
    throw new EgressRefused('scheme', url.hostname, `${url.hostname} may be reached by https only.`);
  if (url.port !== '')
    throw new EgressRefused('port', url.hostname, `Port ${url.port} of ${url.hostname} is not approved.`);
}

/** Whether a host matches a pattern; the pattern is in lower case. */
export function matchesHost(pattern: string, host: string): boolean {
  const wanted = pattern.split('.');
  const labels = host.split('.');
  return (
    wanted.length === labels.length &&
    wanted.every((label, index) =>
      label === '*' ? index < wanted.length - 2 && labels[index] !== '' : label === labels[index],
    )
  );
}

/** The port that an address leads to. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** The IP address that stands in the URL itself, without brackets; null where it is a name. */
export function literalOf(url: URL): string | null {
  const host = url.hostname;
  if (host.startsWith('[')) return host.slice(1, -1);
  // The URL parser has turned every numeric form of an IPv4 address into this one.
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) ? host : null;
}

/**
 * Checks one address that a host stands for.
 *
 * @throws EgressRefused where it is special-use and not approved, or never approved
 */
export function checkAddress(policy: EgressPolicy, host: string, address: string): void {
  const kind = classifyAddress(address);
  if (kind === 'public') return;
  if (kind === 'private' && policy.networks.some((network) => network === host || isInNetwork(address, network)))
    return;
  const what =
    kind === 'private'
      ? 'a private address that is not approved for this connection'
      : 'an address that is never reached';
  throw new EgressRefused('address', host, `${host} stands for ${what}.`);
}
