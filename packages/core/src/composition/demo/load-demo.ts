import { newId, type MspId } from '#kernel/id';
import { ConflictError } from '#kernel/errors';
import { Directory } from '#modules/directory';
import { StaffQueries } from '#modules/identity';
import { ClientQueries, CreateMsp, MspQueries, UpdateMsp } from '#modules/tenancy';
import type { DependencyContainer } from 'tsyringe';
import { CLIENTS } from './client-plan.ts';
import { loadArticles } from './desk/articles.ts';
import { loadCatalogue } from './desk/catalogue.ts';
import { deskOpenings } from './desk/openings.ts';
import { loadPresent } from './desk/present.ts';
import { loadRules } from './desk/rules.ts';
import { loadServiceLevels } from './desk/service-levels.ts';
import { loadTimesheets } from './desk/timesheets.ts';
import { loadAgreements } from './load-agreements.ts';
import { loadClients } from './load-clients.ts';
import { loadInventory } from './load-inventory.ts';
import { loadInvoices } from './load-invoices.ts';
import { loadMetrics } from './load-metrics.ts';
import { loadStaff, type DemoLogin } from './load-staff.ts';
import { loadTickets } from './load-tickets.ts';
import { Random } from './random.ts';
import { systemScopeOf, type Stage, type StagedClient } from './stage.ts';
import type { StoryClock } from './story-clock.ts';

/** What came of loading. */
export interface LoadedDemo {
  readonly mspId: MspId;
  readonly logins: readonly DemoLogin[];
  readonly clients: readonly StagedClient[];
}

const NORTHGATE = { name: 'Northgate IT', timeZone: 'Europe/London', currency: 'GBP' } as const;

/**
 * Tells six months of Northgate IT by the same use cases as real work. The same seed tells the same story relative to the present, but for ids, secrets and the days that week-ends move.
 * Throws `demo.not-empty` where there are clients already.
 */
export async function loadDemo(parts: {
  container: DependencyContainer;
  clock: StoryClock;
  seed: string;
  say: (line: string) => void;
  /** How much of the story; all of it where it is left out. */
  size?: { readonly clients: number; readonly tickets: number } | undefined;
  /** Called when it is sure that there is room, before the first row. */
  begin?: () => Promise<void>;
}): Promise<LoadedDemo> {
  const { container, clock, say, size = { clients: CLIENTS.length, tickets: 2500 } } = parts;
  await assertRoom(container);
  await parts.begin?.();
  const mspId = await makeNorthgate(container);
  const stage: Stage = { container, clock, say, mspId, system: systemScopeOf(mspId), random: new Random(parts.seed) };
  const { staff, logins } = await loadStaff(stage);
  const clients = await loadClients(stage, CLIENTS.slice(0, size.clients));
  const levels = await loadServiceLevels(stage, clients, staff);
  const desk = await loadCatalogue(stage, staff, levels);
  await loadRules(stage, staff, desk);
  await loadArticles(stage, clients, staff);
  const agreements = await loadAgreements(stage, clients, levels.officeHoursId);
  await loadInventory(stage, clients);
  const alerts = await loadMetrics(stage, clients);
  const cast = { count: size.tickets, clients, staff, desk };
  const { opened, stillOpen } = await loadTickets(stage, cast, alerts, deskOpenings(stage, desk, clients, staff));
  say(`  ${opened} tickets of people, ${stillOpen} of them still open`);
  await loadTimesheets(stage, staff);
  await loadPresent(stage, desk, clients, staff);
  await loadInvoices(stage, agreements);
  return { mspId, logins, clients };
}

async function assertRoom(container: DependencyContainer): Promise<void> {
  const msps = await container.resolve(Directory).listMsps();
  for (const { mspId } of msps) {
    const { items } = await container.resolve(ClientQueries).list(systemScopeOf(mspId), { limit: 5 });
    if (msps.length > 1 || items.some((client) => !client.isInternal))
      throw new ConflictError(
        'demo.not-empty',
        'There are clients here already, and --demo is for an empty install. Start without --demo, or set BAILIWICK_DATA_DIR to a new folder.',
      );
  }
}

/** Takes the MSP of an install that nobody has used yet, or makes one. One that has staff keeps its name. */
async function makeNorthgate(container: DependencyContainer): Promise<MspId> {
  const [msp] = await container.resolve(Directory).listMsps();
  if (msp === undefined) {
    const system = systemScopeOf(newId<'msp'>());
    return (await container.resolve(CreateMsp).run(system, { ...NORTHGATE, slug: 'northgate' })).mspId;
  }
  const system = systemScopeOf(msp.mspId);
  const staff = await container.resolve(StaffQueries).list(system, { limit: 1 });
  if (staff.items.length === 0) {
    const { version } = await container.resolve(MspQueries).get(system);
    await container.resolve(UpdateMsp).run(system, { version, ...NORTHGATE });
  }
  return msp.mspId;
}
