import { defineStream, type RecordUpsert } from '@bailiwick/sdk';
import { instant, line, list, parts, type Row, type ZabbixContext } from './api.ts';
import { server } from './connection.ts';
import { type HostRef, placeHosts, placeOf, type Placement } from './scopes.ts';

interface HostDetail extends HostRef, Row<'host' | 'name' | 'status' | 'active_available'> {
  readonly interfaces: readonly Row<'ip' | 'dns' | 'available'>[];
  /** An empty list where the host has none. */
  readonly inventory: Row;
}

export const devices = defineStream(server, {
  name: 'devices',
  label: 'Hosts',
  entity: 'device',
  mode: 'full',
  grain: 'connection',
  // As often as a machine has to be heard of to count as online; the values of the same hosts are much more.
  every: 'PT1M',
  read: (ctx) =>
    readByHost(ctx, 500, async (hostids, placed) => {
      const hosts = await list<HostDetail>(ctx, 'host.get', {
        hostids,
        output: ['hostid', 'host', 'name', 'status', 'active_available'],
        selectInterfaces: ['ip', 'dns', 'available'],
        selectInventory: ['serialno_a', 'macaddress_a', 'macaddress_b', 'vendor', 'model', 'os'],
      });
      return hosts.flatMap((host) => {
        const scope = placed.get(host.hostid);
        return scope === undefined
          ? []
          : [
              {
                id: host.hostid,
                scope,
                data: toDevice(host),
                ...(isReached(host) ? { observed: { seenAt: ctx.now } } : {}),
              },
            ];
      });
    }),
});

/** Whether Zabbix reaches the host now: at one of its interfaces, or (from 6.2 on) because its agent calls in. */
function isReached({ status, interfaces, active_available: active }: HostDetail): boolean {
  return status === '0' && (active === '1' || interfaces.some(({ available }) => available === '1'));
}

function toDevice({ host, name, status, interfaces, inventory }: HostDetail): RecordUpsert<'device'>['data'] {
  const dns = interfaces.map((one) => line(one.dns, 253)).find((found) => found !== undefined);
  const macs = [inventory['macaddress_a'], inventory['macaddress_b']].flatMap((mac) => mac ?? []);
  const addresses = new Set(interfaces.flatMap(({ ip }) => line(ip, 64) ?? []));
  return {
    name: line(name, 253) ?? 'host',
    fqdn: dns ?? (host?.includes('.') === true ? line(host, 253) : undefined),
    vendor: line(inventory['vendor'], 200),
    model: line(inventory['model'], 200),
    serialNumber: line(inventory['serialno_a'], 200),
    macAddresses: macs.filter((mac) => /^(?:[\da-f]{2}[:.-]?){6}$/iu.test(mac)),
    // The agent of the Zabbix server itself is at a loopback address.
    ipAddresses: [...addresses].filter((ip) => !ip.startsWith('127.') && ip !== '::1'),
    osName: line(inventory['os'], 200),
    state: status === '0' ? 'monitored' : 'disabled',
  };
}

const usualKeys = ['system.cpu.util', 'system.cpu.load', 'vm.memory.', 'vfs.fs.', 'icmpping'];

export const metrics = defineStream(server, {
  name: 'metrics',
  label: 'Items',
  entity: 'metric',
  mode: 'live',
  grain: 'connection',
  every: 'PT1M',
  read: (ctx) =>
    readByHost(ctx, 50, async (hostids, placed) => {
      const keys = ctx.config.metricKeys ?? [];
      const items = await list<Row & { itemid: string; hostid: string }>(ctx, 'item.get', {
        hostids,
        monitored: true,
        // Numbers, with and without a fraction.
        filter: { value_type: [0, 3] },
        search: { key_: keys.length > 0 ? keys : usualKeys },
        searchByAny: true,
        startSearch: true,
        output: ['itemid', 'hostid', 'key_', 'name', 'units', 'lastvalue', 'lastclock'],
      });
      return items.flatMap(({ itemid, hostid, key_, name, units, lastvalue, lastclock }) => {
        const [scope, value, at] = [placed.get(hostid), Number(lastvalue), instant(lastclock)];
        if (scope === undefined || at === undefined || !Number.isFinite(value)) return [];
        const [key, labels] = [line(key_, 200) ?? itemid, { item: name ?? '' }];
        return [{ id: itemid, scope, data: { device: hostid, name: key, labels, value, unit: line(units, 50), at } }];
      });
    }),
});

export const checks = defineStream(server, {
  name: 'checks',
  label: 'Triggers',
  entity: 'check',
  mode: 'full',
  grain: 'connection',
  every: 'PT5M',
  read: (ctx) =>
    readByHost(ctx, 50, async (hostids, placed) => {
      const triggers = await list<Row & { triggerid: string; hosts: HostRef[] }>(ctx, 'trigger.get', {
        hostids,
        monitored: true,
        expandDescription: true,
        output: ['triggerid', 'description', 'priority', 'value', 'state', 'error', 'lastchange'],
        selectHosts: ['hostid'],
      });
      return triggers.flatMap(({ triggerid: id, hosts, ...trigger }) => {
        const place = placeOf(hosts, placed);
        if (place === undefined) return [];
        // From high (4) on, a trigger that fires is critical; one that cannot be computed is neither.
        const firing = Number(trigger['priority']) >= 4 ? ('critical' as const) : ('warning' as const);
        const data = {
          device: place.device,
          name: line(trigger['description'], 300) ?? id,
          state: trigger['state'] === '1' ? ('unknown' as const) : trigger['value'] === '1' ? firing : ('ok' as const),
          message: line(trigger['error'], 1000),
          changedAt: instant(trigger['lastchange']),
        };
        return [{ id, scope: place.scope, data }];
      });
    }),
});

/** Reads some hosts at a time, so that no answer grows with the number of customers. */
async function* readByHost<Upsert>(
  ctx: ZabbixContext,
  hostsAtOnce: number,
  read: (hostids: readonly string[], placed: Placement) => Promise<readonly Upsert[]>,
): AsyncGenerator<{ readonly upserts: readonly Upsert[]; readonly cursor?: string }> {
  const placed = await placeHosts(ctx);
  for (const hostids of parts([...placed.keys()], hostsAtOnce))
    for (const upserts of parts(await read(hostids, placed), 2000)) yield { upserts };
  // Nothing is read from it: each pass reads the newest value of everything.
  yield { upserts: [], cursor: ctx.now };
}
