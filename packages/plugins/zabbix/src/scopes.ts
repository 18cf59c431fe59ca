import type { DiscoveredScope } from '@bailiwick/sdk';
import { line, list, parts, type Row, type ZabbixContext } from './api.ts';

/** Names a host. */
export interface HostRef {
  readonly hostid: string;
}

interface Group {
  readonly groupid: string;
  readonly name: string;
}

/** By host: the one scope it belongs to. */
export type Placement = ReadonlyMap<string, string>;

/** Host groups are the customers; serial numbers of their hosts tell which. */
export async function* listScopes(ctx: ZabbixContext): AsyncGenerator<readonly DiscoveredScope[]> {
  const placed = await placeHosts(ctx);
  const serials = new Map<string, string[]>();
  for (const hostids of parts([...placed.keys()], 500)) {
    const params = { hostids, output: ['hostid'], selectInventory: ['serialno_a'] };
    for (const host of await list<HostRef & { inventory: Row }>(ctx, 'host.get', params)) {
      const serial = line(host.inventory['serialno_a'], 200);
      const scope = placed.get(host.hostid);
      if (serial !== undefined && scope !== undefined) serials.set(scope, [...(serials.get(scope) ?? []), serial]);
    }
  }
  const { groupPrefix = '' } = ctx.config;
  const groups = await list<Group & { hosts: readonly unknown[] }>(ctx, 'hostgroup.get', {
    output: ['groupid', 'name'],
    selectHosts: ['hostid'],
    sortfield: 'name',
  });
  const isListed = ({ name, hosts }: (typeof groups)[number]): boolean =>
    groupPrefix === '' ? hosts.length > 0 : name.startsWith(groupPrefix);
  const listed = groups.filter(isListed);
  for (const page of parts(listed, 500)) {
    yield page.map(({ groupid, name }) => {
      const parent = listed.findLast((other) => name.startsWith(`${other.name}/`));
      return {
        id: groupid,
        name,
        kind: 'host-group',
        ...(parent === undefined ? {} : { parentId: parent.groupid }),
        hints: { deviceSerials: serials.get(groupid) ?? [] },
      };
    });
  }
}

/** Which scope each host belongs to; hosts that none, or no single one, claims are left out and reported. */
export async function placeHosts(ctx: ZabbixContext, hostids?: readonly string[]): Promise<Placement> {
  const hosts = await list<HostRef & { name: string; groups: readonly Group[] }>(ctx, 'host.get', {
    hostids,
    output: ['hostid', 'name'],
    selectGroups: ['groupid', 'name'],
  });
  const placed = new Map<string, string>();
  const unclear: string[] = [];
  for (const host of hosts) {
    const claims = host.groups.filter(({ name }) => name.startsWith(ctx.config.groupPrefix ?? ''));
    const group = chooseGroup(claims, ctx.config.groupOrder ?? []);
    if (group !== undefined) placed.set(host.hostid, group.groupid);
    else if (claims.length > 0) unclear.push(host.name);
  }
  if (unclear.length > 0)
    ctx.issues.raise({
      id: 'hosts-in-several-groups',
      severity: 'warning',
      title: `Hosts that are in several host groups were left out: ${unclear.length}, such as ${line(unclear[0], 200)}.`,
      remedy: "Give the connection the prefix of the customers' host groups, or their order.",
    });
  return placed;
}

/** The first in the configured order; without one, the only group, or the innermost where all lie on one path. */
function chooseGroup(claims: readonly Group[], order: readonly string[]): Group | undefined {
  for (const name of order) {
    const found = claims.find((group) => group.name === name);
    if (found !== undefined) return found;
  }
  const innermost = claims.toSorted((a, b) => b.name.length - a.name.length)[0];
  return claims.every(({ name }) => `${innermost?.name}/`.startsWith(`${name}/`)) ? innermost : undefined;
}

/** Where something on these hosts belongs: nowhere, if it spans customers. The first host stands for all. */
export function placeOf(
  hosts: readonly HostRef[],
  placed: Placement,
): { readonly scope: string; readonly device: string } | undefined {
  const [device, scope] = [hosts[0]?.hostid, placed.get(hosts[0]?.hostid ?? '')];
  if (device === undefined || scope === undefined) return undefined;
  return hosts.every(({ hostid }) => placed.get(hostid) === scope) ? { scope, device } : undefined;
}
