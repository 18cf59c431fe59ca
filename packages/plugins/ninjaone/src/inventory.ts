import { defineStream } from '@bailiwick/sdk';
import { instant, listAfter, readReport, row, text, wordOf, type Row } from './api.ts';
import { instance } from './connection.ts';

const perOrganisation = { mode: 'full', grain: 'scope', every: 'PT12H' } as const;

// By parts of NinjaOne's node class; the first that fits.
const kinds = [
  [/VM_HOST|VMM_HOST/u, 'hypervisor'],
  [/SERVER|GUEST|VIRTUAL_MACHINE/u, 'server'],
  [/WORKSTATION|^MAC$|COMPUTER/u, 'workstation'],
  [/ANDROID|APPLE_/u, 'mobile'],
  [/SWITCH|ROUTER|FIREWALL|GATEWAY|WAP/u, 'network'],
] as const;

/** The name that people know a device by. */
export const nameOf = ({ id, displayName, systemName }: Row): string =>
  text(displayName) ?? text(systemName) ?? `Device ${String(id)}`;

const listOf = (value: unknown, max: number): string[] =>
  Array.isArray(value) ? value.flatMap((one) => text(one, max) ?? []) : [];

function toDevice(device: Row) {
  const [system, os, nodeClass = ''] = [row(device['system']), row(device['os']), text(device['nodeClass'])];
  const data = {
    name: nameOf(device),
    kind: kinds.find(([pattern]) => pattern.test(nodeClass))?.[1] ?? 'other',
    fqdn: text(device['dnsName']),
    vendor: text(system['manufacturer']),
    model: text(system['model']),
    serialNumber: text(system['serialNumber']),
    macAddresses: listOf(device['macAddresses'], 17),
    ipAddresses: listOf(device['ipAddresses'], 64),
    osName: text(os['name']),
    osVersion: text(os['buildNumber'], 100),
    state: text(device['approvalStatus'], 50)?.toLowerCase(),
    labels: { nodeClass },
  } as const;
  const observed = { isOffline: device['offline'] === true, lastContactAt: instant(device['lastContact']) ?? null };
  return { id: String(device['id']), scope: String(device['organizationId']), data, observed };
}

export const devices = defineStream(instance, {
  name: 'devices',
  label: 'Devices',
  entity: 'device',
  mode: 'full',
  grain: 'connection',
  every: 'PT15M',
  async *read(ctx) {
    for await (const page of listAfter(ctx, 'devices-detailed')) yield { upserts: page.map(toDevice) };
  },
});

/** A report may list the same thing twice; the first stands. */
const onlyNew = <Upsert extends { readonly id: string }>(upserts: readonly Upsert[], seen: Set<string>): Upsert[] =>
  upserts.filter(({ id }) => !seen.has(id) && seen.add(id));

function toSoftware({ deviceId, name, version, productCode, publisher, installDate }: Row) {
  const id = [deviceId, name, version, productCode].join('/').slice(0, 500);
  const installedOn = /^\d{4}-\d\d-\d\d/u.exec(text(installDate) ?? '')?.[0];
  const words = { name: text(name) ?? 'Unknown', version: text(version) ?? '', publisher: text(publisher) };
  return { id, data: { device: String(deviceId), ...words, installedOn } };
}

export const software = defineStream(instance, {
  name: 'software',
  label: 'Software',
  entity: 'software',
  ...perOrganisation,
  async *read(ctx) {
    const seen = new Set<string>();
    for await (const page of readReport(ctx, 'software', {})) yield { upserts: onlyNew(page.map(toSoftware), seen) };
  },
});

function toPatch({ deviceId, id, name, title, kbNumber, severity, impact, status, installedAt }: Row) {
  const state = wordOf(['approved', 'rejected', 'failed', 'installed'], status) ?? 'missing';
  const data = {
    device: String(deviceId),
    name: text(name) ?? text(title) ?? String(id),
    identifier: text(kbNumber, 100),
    severity: wordOf(['critical', 'important', 'moderate', 'low'], severity ?? impact) ?? 'unspecified',
    state,
    installedAt: state === 'installed' ? instant(installedAt) : undefined,
  } as const;
  return { id: `${String(deviceId)}/${String(id)}`, data };
}

export const patches = defineStream(instance, {
  name: 'patches',
  label: 'Patches',
  entity: 'patch',
  ...perOrganisation,
  async *read(ctx) {
    const seen = new Set<string>();
    // Installed ones stay for 30 days: otherwise a month's patches would all vanish on the day they are installed.
    const installedAfter = Temporal.PlainDate.from(ctx.now.slice(0, 10)).subtract({ days: 30 }).toString();
    for (const report of ['os-patches', 'software-patches', 'os-patch-installs', 'software-patch-installs']) {
      const pages = readReport(ctx, report, report.endsWith('installs') ? { installedAfter } : {});
      for await (const page of pages) yield { upserts: onlyNew(page.map(toPatch), seen) };
    }
  },
});
