import { AlertQueries, type AlertView } from '#modules/alerts';
import { AppendSamples, SealReports, SweepChecks } from '#modules/monitoring';
import type { MachinePlan } from './machine-plan.ts';
import { MachineCurve, planIncidents } from './metric-plan.ts';
import { eachOf, type Stage, type StagedClient, type StagedMachine } from './stage.ts';

/** How far back the charts of most machines reach, and those of each client's first server. */
const HOURS_OF_MOST = 24;
const HOURS_OF_SOME = 24 * 30;
const SERVERS_WITH_HISTORY = 1;
/** A check takes samples that are further apart than this for two stories, and would see nothing that lasts. */
const STEP_MINUTES = 5;
/** Reports of one transaction. */
const REPORTS_AT_ONCE = 1200;

/** Tells what each machine measured, which the MSP's checks judge as they would have; answers the alerts that came of it, the oldest first. */
export async function loadMetrics(stage: Stage, clients: readonly StagedClient[]): Promise<AlertView[]> {
  const { container, system, clock } = stage;
  // The first sweep gives the MSP its checks.
  await clock.at(clock.present.subtract({ hours: HOURS_OF_SOME + 1 }), () =>
    container.resolve(SweepChecks).run(system),
  );
  const machines = clients.flatMap((client) => {
    const plans = client.machines.map(({ plan }) => plan);
    return client.machines
      .filter(({ plan }) => plan.system !== null)
      .map((machine) => ({ client, machine, hours: hoursOf(machine.plan, plans) }));
  });
  let samples = 0;
  await eachOf(stage, 'machines with metrics', machines, async ({ client, machine, hours }) => {
    samples += await loadMachine(stage, client, machine, hours);
  });
  await container.resolve(SealReports).run(system);
  await container.resolve(SweepChecks).run(system);
  const alerts = await allAlerts(stage);
  stage.say(`  samples: ${samples}, alerts: ${alerts.length}`);
  return alerts;
}

/** How far back a machine's chart reaches: of a client's machines by name, the first server's the furthest. */
export function hoursOf(machine: MachinePlan, machines: readonly MachinePlan[]): number {
  const servers = machines.filter(({ kind }) => kind === 'server').slice(0, SERVERS_WITH_HISTORY);
  return servers.some(({ name }) => name === machine.name) ? HOURS_OF_SOME : HOURS_OF_MOST;
}

/** The curve of a machine; the same while loading and for the pulse that goes on after it. */
export function curveOf(
  { random }: Pick<Stage, 'random'>,
  present: Temporal.Instant,
  client: Pick<StagedClient, 'plan'>,
  machine: Pick<StagedMachine, 'plan'>,
  hours: number,
): MachineCurve {
  const own = random.fork(`metrics-${machine.plan.name}`);
  const noiseSeed = own.int(1, 2 ** 31 - 1);
  return new MachineCurve(client.plan, machine.plan, {
    present,
    noiseSeed,
    incidents: planIncidents(machine.plan, hours, own),
  });
}

async function loadMachine(stage: Stage, client: StagedClient, machine: StagedMachine, hours: number): Promise<number> {
  const curve = curveOf(stage, stage.clock.present, client, machine, hours);
  const stream = { clientId: client.clientId, assetId: machine.assetId, epoch: crypto.randomUUID() };
  const times = timesOf(stage.clock.present, hours);
  for (let from = 0; from < times.length; from += REPORTS_AT_ONCE) {
    const reports = times.slice(from, from + REPORTS_AT_ONCE).map((atMs, index) => ({
      sequence: from + index + 1,
      at: Temporal.Instant.fromEpochMilliseconds(atMs),
      series: curve.series,
      values: curve.valuesAt(atMs),
    }));
    const lastAt = reports.at(-1)?.at ?? stage.clock.present;
    await stage.clock.at(lastAt, () =>
      stage.container.resolve(AppendSamples).run(stage.system, { ...stream, reports }),
    );
  }
  return times.length * curve.series.length;
}

function timesOf(present: Temporal.Instant, hours: number): number[] {
  const steps = (hours * 60) / STEP_MINUTES;
  return Array.from(
    { length: steps + 1 },
    (_, step) => present.epochMilliseconds - (steps - step) * STEP_MINUTES * 60_000,
  );
}

async function allAlerts({ container, system }: Stage): Promise<AlertView[]> {
  const alerts: AlertView[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await container.resolve(AlertQueries).list(system, {
      states: ['open', 'acknowledged', 'recovered'],
      limit: 200,
      ...(cursor === undefined ? {} : { cursor }),
    });
    alerts.push(...page.items);
    cursor = page.nextCursor;
  }
  return alerts.toSorted((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
}
