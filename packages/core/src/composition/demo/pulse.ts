import type { DependencyContainer } from 'tsyringe';
import { MarkSeen } from '#modules/assets';
import { AppendSamples } from '#modules/monitoring';
import type { Logger } from '#platform/log';
import { CLIENTS } from './client-plan.ts';
import type { DemoNote } from './demo-note.ts';
import { curveOf, hoursOf } from './load-metrics.ts';
import { planMachines } from './machine-plan.ts';
import type { MachineCurve } from './metric-plan.ts';
import { Random } from './random.ts';
import { systemScopeOf } from './stage.ts';

/** Each machine reports once in this time. Three minutes of silence would show it as offline, and five raise an alert. */
const ROUND_MS = 60_000;
const TICKS_A_ROUND = 120;
/** About one machine in this many stays off, so that there is something to be seen. */
const OFF_SHARE = 0.008;

interface Beat {
  readonly clientId: DemoNote['machines'][string]['clientId'];
  readonly assetId: DemoNote['machines'][string]['assetId'];
  readonly curve: MachineCurve;
  readonly epoch: string;
}

/**
 * Lets the demo's machines go on reporting while the server runs: without it all of them would be offline minutes after loading, each with an alert. It uses the server's own clock and
 * container, so that what comes of it (charts, alerts, tickets) comes as it does for real machines.
 */
export function startPulse(container: DependencyContainer, note: DemoNote, log: Logger): { stop(): void } {
  const { mspId, loadedAt } = note;
  if (mspId === undefined || loadedAt === undefined) return { stop: () => {} };
  const system = systemScopeOf(mspId);
  const beats = beatsOf(note, Temporal.Instant.from(loadedAt));
  let sequence = 0;
  let place = 0;
  let isBusy = false;
  const tick = async (): Promise<void> => {
    for (
      const until = place + Math.ceil(beats.length / TICKS_A_ROUND);
      place < until && place < beats.length;
      place += 1
    ) {
      const beat = beats[place];
      if (beat !== undefined) await report(container, system, beat, sequence + 1);
    }
    if (place < beats.length) return;
    place = 0;
    sequence += 1;
  };
  const timer = setInterval(() => {
    // A slow machine leaves ticks out instead of piling them up.
    if (isBusy) return;
    isBusy = true;
    tick()
      .catch((error: unknown) => log.warn({ err: error }, 'the demo’s machines could not report'))
      .finally(() => (isBusy = false));
  }, ROUND_MS / TICKS_A_ROUND);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

async function report(
  container: DependencyContainer,
  system: ReturnType<typeof systemScopeOf>,
  { clientId, assetId, curve, epoch }: Beat,
  sequence: number,
): Promise<void> {
  const at = Temporal.Now.instant().round({ smallestUnit: 'millisecond', roundingMode: 'floor' });
  const values = curve.valuesAt(at.epochMilliseconds);
  await container
    .resolve(AppendSamples)
    .run(system, { clientId, assetId, epoch, reports: [{ sequence, at, series: curve.series, values }] });
  await container.resolve(MarkSeen).run(system, assetId);
}

function beatsOf(note: DemoNote, present: Temporal.Instant): Beat[] {
  const random = new Random(note.seed);
  return CLIENTS.flatMap((plan) => {
    const machines = planMachines(plan, random.fork(plan.shortCode)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return machines.flatMap((machine) => {
      const known = note.machines[machine.name];
      if (machine.system === null || known === undefined || random.fork(`off-${machine.name}`).chance(OFF_SHARE))
        return [];
      const curve = curveOf({ random }, present, { plan }, { plan: machine }, hoursOf(machine, machines));
      return [{ ...known, curve, epoch: crypto.randomUUID() }];
    });
  });
}
