import type { ClientPlan } from './client-plan.ts';
import type { MachinePlan } from './machine-plan.ts';
import type { Random } from './random.ts';

/** Something that goes wrong on a machine for a while. Hours before the present; 0 is still going on. */
export interface IncidentPlan {
  readonly what: 'disk' | 'memory' | 'processor';
  readonly fromHours: number;
  readonly untilHours: number;
}

/** What goes wrong on a machine within the hours that are told of: seldom anything, on servers now and then. */
export function planIncidents(plan: MachinePlan, hoursTold: number, random: Random): IncidentPlan[] {
  const incidents: IncidentPlan[] = [];
  const isServer = plan.kind === 'server' || plan.kind === 'hypervisor';
  if (random.chance(isServer ? 0.07 : 0.004))
    incidents.push({ what: 'disk', fromHours: random.int(2, 18), untilHours: 0 });
  const past = Math.floor(hoursTold / 170);
  for (let week = 0; week < past; week += 1) {
    const fromHours = week * 170 + random.int(30, 160);
    const what = random.pick(['disk', 'memory', 'processor'] as const);
    if (random.chance(0.6)) incidents.push({ what, fromHours, untilHours: fromHours - random.int(1, 8) });
  }
  if (random.chance(isServer ? 0.1 : 0.01)) {
    const fromHours = random.int(6, 20);
    incidents.push({
      what: random.pick(['memory', 'processor'] as const),
      fromHours,
      untilHours: fromHours - random.int(1, 4),
    });
  }
  return incidents;
}

/** What a machine measures: the same at the same time, however often it is asked. */
export class MachineCurve {
  readonly series: readonly string[];
  readonly #plan: MachinePlan;
  readonly #offsetHours: number;
  readonly #noise: Noise;
  readonly #incidents: readonly { what: IncidentPlan['what']; fromMs: number; untilMs: number }[];

  constructor(
    client: ClientPlan,
    plan: MachinePlan,
    about: { present: Temporal.Instant; incidents: readonly IncidentPlan[]; noiseSeed: number },
  ) {
    const presentMs = about.present.epochMilliseconds;
    this.#plan = plan;
    this.#noise = new Noise(about.noiseSeed);
    this.#offsetHours = about.present.toZonedDateTimeISO(client.timeZone).offsetNanoseconds / 3.6e12;
    this.#incidents = about.incidents.map(({ what, fromHours, untilHours }) => ({
      what,
      fromMs: presentMs - fromHours * HOUR_MS,
      untilMs: untilHours === 0 ? presentMs + 5 * HOUR_MS : presentMs - untilHours * HOUR_MS,
    }));
    const mount = plan.system?.mount ?? '/';
    this.series = [
      'cpu.usage_percent',
      'load.average_5m',
      'memory.used_percent',
      'memory.used_bytes',
      `filesystem.used_percent{mount="${mount}"}`,
      `filesystem.used_bytes{mount="${mount}"}`,
      `network.received_bytes_per_second{interface="${plan.system?.family === 'linux' ? 'eno1' : 'en0'}"}`,
      `network.sent_bytes_per_second{interface="${plan.system?.family === 'linux' ? 'eno1' : 'en0'}"}`,
    ];
  }

  /** One value for each series. */
  valuesAt(atMs: number): number[] {
    const { load, memoryBytes, diskBytes, cpuCores } = this.#plan;
    const noise = this.#noise;
    const busy = this.#activity(atMs);
    const wrong = new Set(
      this.#incidents.filter(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs).map(({ what }) => what),
    );
    const processor = wrong.has('processor')
      ? 97 + noise.at(1, atMs, 5 * MINUTE_MS) * 2.5
      : Math.min(
          88,
          2 + busy * load * 85 + noise.at(1, atMs, 17 * MINUTE_MS) * 14 + noise.at(2, atMs, 5 * MINUTE_MS) * 5,
        );
    const memory = wrong.has('memory')
      ? 96 + noise.at(3, atMs, 11 * MINUTE_MS) * 2
      : Math.min(89, 28 + load * 45 + busy * 10 + noise.at(3, atMs, 90 * MINUTE_MS) * 7);
    const disk = wrong.has('disk') ? 91.5 + noise.at(4, atMs, 60 * MINUTE_MS) : this.#diskPercent(atMs);
    const received = (busy * load * 9e6 + noise.at(5, atMs, 7 * MINUTE_MS) * 2e6) * (wrong.has('processor') ? 3 : 1);
    return [
      tenths(processor),
      tenths((processor / 100) * cpuCores * 10) / 10,
      tenths(memory),
      Math.round((memory / 100) * memoryBytes),
      tenths(disk),
      Math.round((disk / 100) * diskBytes),
      Math.round(received),
      Math.round(received * (0.2 + noise.at(6, atMs, 30 * MINUTE_MS) * 0.5)),
    ];
  }

  /** Fills slowly over the weeks, and breathes with the day. */
  #diskPercent(atMs: number): number {
    const cycle = 45 * 24 * HOUR_MS;
    return this.#plan.fullness * 100 - 4 + ((atMs % cycle) / cycle) * 6 + this.#noise.at(4, atMs, 6 * HOUR_MS) * 0.8;
  }

  /** 0 to 1: office hours where the client is, little at night, less at week-ends; servers have their backup at two. */
  #activity(atMs: number): number {
    const local = atMs / HOUR_MS + this.#offsetHours;
    const hour = ((local % 24) + 24) % 24;
    const isWeekend = (Math.floor(local / 24) + 4) % 7 === 0 || (Math.floor(local / 24) + 4) % 7 === 6;
    const day = hour < 7 || hour > 19 ? 0.06 : Math.sin(((hour - 7) / 12) * Math.PI) ** 0.6;
    const backup = this.#plan.kind === 'server' && hour >= 2 && hour < 3 ? 0.7 : 0;
    return Math.max(backup, day * (isWeekend ? 0.15 : 1));
  }
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Smooth noise from 0 to 1 that needs no memory: values at the steps come from a hash of the time. */
class Noise {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  at(channel: number, atMs: number, stepMs: number): number {
    const step = Math.floor(atMs / stepMs);
    const part = atMs / stepMs - step;
    const eased = part * part * (3 - 2 * part);
    return this.#value(channel, step) * (1 - eased) + this.#value(channel, step + 1) * eased;
  }

  #value(channel: number, step: number): number {
    let hash = Math.imul(this.#seed ^ Math.imul(step, 0x9e3779b1) ^ Math.imul(channel, 0x85ebca6b), 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f);
    return ((hash ^ (hash >>> 13)) >>> 0) / 4_294_967_296;
  }
}
