import type { MachineInventory } from './machine-inventory.ts';
import { kindFromSystem } from './asset.ts';

/** A value of a field, as one source says it. */
export interface Fact {
  readonly field: string;
  readonly value: unknown;
  /** How far the source is to be trusted for this field, 0 to 100. */
  readonly confidence: number;
}

/** A fact as it is stored, with who said it and when. */
export interface StoredFact extends Fact {
  readonly source: string;
  readonly observedAt: Temporal.Instant;
  readonly isLocked: boolean;
  readonly lockedBy: string | null;
}

/** Read by a program on the machine itself. */
const READ_ON_MACHINE = 90;
/** Concluded from other facts, such as what a machine is for. */
const CONCLUDED = 40;
/** Typed by a person, who looked. */
export const TYPED = 100;

/** Fields that change by themselves all the time: kept, but no history is written of them. */
export const VOLATILE_FIELDS: ReadonlySet<string> = new Set(['bootedAt']);

/** The facts in a machine's report. What it does not say is absent, and leaves what was known before. */
export function factsOf(inventory: MachineInventory, confidence: number = READ_ON_MACHINE): Fact[] {
  const { hardware = {}, operatingSystem = {} } = inventory;
  const os = operatingSystem;
  const values: Record<string, unknown> = {
    name: inventory.hostname,
    hostname: inventory.hostname,
    fqdn: inventory.fqdn,
    vendor: hardware.vendor,
    model: hardware.model,
    serialNumber: hardware.serialNumber,
    smbiosUuid: hardware.smbiosUuid,
    biosVersion: hardware.biosVersion,
    virtualization: hardware.virtualization,
    cpuModel: hardware.cpuModel,
    cpuSockets: hardware.cpuSockets,
    cpuCores: hardware.cpuCores,
    cpuThreads: hardware.cpuThreads,
    memoryBytes: hardware.memoryBytes,
    swapBytes: hardware.swapBytes,
    osFamily: os.family,
    osDistribution: os.distribution,
    osName: os.name,
    osVersion: os.version,
    kernel: os.kernel,
    architecture: os.architecture,
    timeZone: os.timeZone,
    bootedAt: os.bootedAt,
    agentVersion: inventory.agentVersion,
    primaryAddress: primaryAddress(inventory),
  };
  const facts = Object.entries(values).flatMap(([field, value]) =>
    value === undefined ? [] : [{ field, value, confidence }],
  );
  const kind =
    inventory.kind ??
    (os.family === undefined || os.name === undefined
      ? undefined
      : kindFromSystem({ family: os.family, name: os.name }));
  return kind === undefined
    ? facts
    : [...facts, { field: 'kind', value: kind, confidence: inventory.kind === undefined ? CONCLUDED : confidence }];
}

/** The address that people know a machine by: the first of an interface that is up, IPv4 before IPv6, never loopback or link-local. */
function primaryAddress(inventory: MachineInventory): string | undefined {
  const addresses = (inventory.networkInterfaces ?? [])
    .filter((card) => card.isUp && !/^(lo|docker|br-|veth|virbr)/.test(card.name))
    .flatMap((card) => card.addresses.map((address) => address.split('/')[0] ?? ''))
    .filter((address) => address !== '' && !/^(127\.|169\.254\.|::1$|fe80:)/i.test(address));
  return addresses.find((address) => address.includes('.')) ?? addresses[0];
}

/** The fact that counts among what several sources say of one field: a person's lock, then the more trusted, then the newer. */
export function winner<F extends StoredFact>(facts: readonly F[]): F | undefined {
  return facts.toSorted(
    (a, b) =>
      Number(b.isLocked) - Number(a.isLocked) ||
      b.confidence - a.confidence ||
      Temporal.Instant.compare(b.observedAt, a.observedAt) ||
      (a.source < b.source ? -1 : 1),
  )[0];
}

/** Stored facts by field, each field's winner first. */
export function byField<F extends StoredFact>(facts: readonly F[]): Map<string, F[]> {
  const fields = Map.groupBy(facts, (fact) => fact.field);
  for (const [field, said] of fields) {
    const best = winner(said);
    if (best !== undefined) fields.set(field, [best, ...said.filter((fact) => fact !== best)]);
  }
  return fields;
}
