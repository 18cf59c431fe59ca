import { defineStream, type RecordUpsert } from '@bailiwick/sdk';
import { instant, line, list, parts } from './api.ts';
import { server } from './connection.ts';
import { placeHosts, placeOf } from './scopes.ts';

const inventoryFields = ['serialno_a', 'macaddress_a', 'macaddress_b', 'vendor', 'model', 'hardware', 'os', 'os_full'];

interface HostDetail {
  readonly hostid: string;
  readonly host: string;
  readonly name: string;
  readonly status: string;
  readonly interfaces: readonly { readonly ip: string; readonly dns: string }[];
  /** An empty list where the host has none. */
  readonly inventory: Partial<Record<string, string>>;
}

export const devices = defineStream(server, {
  name: 'devices',
  label: 'Hosts',
  entity: 'device',
  mode: 'full',
  grain: 'connection',
  every: 'PT15M',
  async *read(ctx) {
    const placed = await placeHosts(ctx);
    for (const hostids of parts([...placed.keys()], 500)) {
      const hosts = await list<HostDetail>(ctx, 'host.get', {
        hostids,
        output: ['hostid', 'host', 'name', 'status'],
        selectInterfaces: ['ip', 'dns'],
        selectInventory: inventoryFields,
      });
      yield {
        upserts: hosts.flatMap((host) => {
          const scope = placed.get(host.hostid);
          return scope === undefined ? [] : [{ id: host.hostid, scope, data: toDevice(host) }];
        }),
      };
    }
  },
});

function toDevice(host: HostDetail): RecordUpsert<'device'>['data'] {
  const { inventory } = host;
  const read = (key: string): string | undefined => line(inventory[key], 200);
  const dns = host.interfaces.map((one) => line(one.dns, 253)).find((name) => name !== undefined);
  const macs = [read('macaddress_a'), read('macaddress_b')].filter((mac) =>
    /^(?:[\da-f]{2}[:.-]?){6}$/iu.test(mac ?? ''),
  );
  const addresses = host.interfaces
    .map(({ ip }) => ip)
    .filter((ip) => ip !== '' && !ip.startsWith('127.') && ip !== '::1');
  return {
    name: line(host.name, 253) ?? host.hostid,
    fqdn: dns ?? (host.host.includes('.') ? line(host.host, 253) : undefined),
    vendor: read('vendor'),
    model: read('model') ?? read('hardware'),
    serialNumber: read('serialno_a'),
    macAddresses: macs.flatMap((mac) => mac ?? []),
    ipAddresses: [...new Set(addresses)].map((ip) => ip.slice(0, 64)),
    osName: read('os') ?? read('os_full'),
    state: host.status === '0' ? 'monitored' : 'disabled',
  };
}

interface Item {
  readonly itemid: string;
  readonly hostid: string;
  readonly key_: string;
  readonly name: string;
  readonly units: string;
  readonly lastvalue: string;
  readonly lastclock: string;
}

const usualKeys = ['system.cpu.util', 'system.cpu.load', 'vm.memory.', 'vfs.fs.', 'icmpping'];

export const metrics = defineStream(server, {
  name: 'metrics',
  label: 'Items',
  entity: 'metric',
  mode: 'live',
  grain: 'connection',
  every: 'PT1M',
  async *read(ctx) {
    const placed = await placeHosts(ctx);
    const keys = ctx.config.metricKeys ?? [];
    for (const hostids of parts([...placed.keys()], 50)) {
      const items = await list<Item>(ctx, 'item.get', {
        hostids,
        monitored: true,
        // Numbers, with and without a fraction.
        filter: { value_type: [0, 3] },
        search: { key_: keys.length > 0 ? keys : usualKeys },
        searchByAny: true,
        startSearch: true,
        output: ['itemid', 'hostid', 'key_', 'name', 'units', 'lastvalue', 'lastclock'],
      });
      for (const page of parts(items, 2000))
        yield { upserts: page.flatMap((item) => toMetric(item, placed.get(item.hostid))) };
    }
  },
});

function toMetric(item: Item, scope: string | undefined): RecordUpsert<'metric'>[] {
  const [value, at] = [Number(item.lastvalue), instant(item.lastclock)];
  if (scope === undefined || at === undefined || !Number.isFinite(value)) return [];
  const data = {
    device: item.hostid,
    name: line(item.key_, 200) ?? item.itemid,
    labels: { item: item.name },
    value,
    unit: line(item.units, 50),
    at,
  };
  return [{ id: item.itemid, scope, data }];
}

interface Trigger {
  readonly triggerid: string;
  readonly description: string;
  readonly priority: string;
  readonly value: string;
  readonly state: string;
  readonly error: string;
  readonly lastchange: string;
  readonly hosts: readonly { readonly hostid: string }[];
}

export const checks = defineStream(server, {
  name: 'checks',
  label: 'Triggers',
  entity: 'check',
  mode: 'full',
  grain: 'connection',
  every: 'PT5M',
  async *read(ctx) {
    const placed = await placeHosts(ctx);
    for (const hostids of parts([...placed.keys()], 50)) {
      const triggers = await list<Trigger>(ctx, 'trigger.get', {
        hostids,
        monitored: true,
        expandDescription: true,
        output: ['triggerid', 'description', 'priority', 'value', 'state', 'error', 'lastchange'],
        selectHosts: ['hostid'],
      });
      for (const page of parts(triggers, 2000)) {
        yield {
          upserts: page.flatMap((trigger) => {
            const place = placeOf(trigger.hosts, placed);
            return place === undefined
              ? []
              : [{ id: trigger.triggerid, scope: place.scope, data: toCheck(trigger, place.device) }];
          }),
        };
      }
    }
  },
});

function toCheck(trigger: Trigger, device: string): RecordUpsert<'check'>['data'] {
  // From high (4) on, a trigger that fires is critical; one that cannot be computed is neither.
  const firing = Number(trigger.priority) >= 4 ? 'critical' : 'warning';
  const state = trigger.value === '1' ? firing : 'ok';
  return {
    device,
    name: line(trigger.description, 300) ?? trigger.triggerid,
    state: trigger.state === '1' ? 'unknown' : state,
    message: line(trigger.error, 1000),
    changedAt: instant(trigger.lastchange),
  };
}
