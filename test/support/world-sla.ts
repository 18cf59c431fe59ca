import { MakeDefaultSla } from '../../packages/core/src/modules/sla/make-default-sla.ts';
import { newId, type Id } from '../../packages/core/src/kernel/id.ts';
import { TellStaff } from '../../packages/core/src/modules/notices/index.ts';
import type { HolidayFeedTables } from '../../packages/core/src/modules/holiday-feeds/holiday-feed-table.ts';
import { FollowTeams } from '../../packages/core/src/modules/ola/follow-teams.ts';
import { OlaStore } from '../../packages/core/src/modules/ola/ola-store.ts';
import type { OlaTables } from '../../packages/core/src/modules/ola/ola-table.ts';
import { SlaChoices } from '../../packages/core/src/modules/sla/sla-choices.ts';
import type { SlaTables } from '../../packages/core/src/modules/sla/sla-table.ts';
import { TeamChoices } from '../../packages/core/src/modules/sla/team-choices.ts';
import { TicketSlaStore } from '../../packages/core/src/modules/sla/ticket-sla-store.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import type { AgreementTables } from '../../packages/core/src/modules/agreements/index.ts';
import { createPolicyInput } from '../../packages/core/src/modules/sla/definition-input.ts';
import { SlaCalendars } from '../../packages/core/src/modules/sla/sla-calendars.ts';
import { SlaPolicies } from '../../packages/core/src/modules/sla/sla-policies.ts';
import { RunWhatIf, startWhatIfInput } from '../../packages/core/src/modules/what-if/run-what-if.ts';
import { staffScope, systemScope, type TestApp } from './test-app.ts';
import { addStaff } from './world-identity.ts';
import type { World } from './world.ts';

/** A calendar, a policy, the choice of it for every ticket and for the first client’s: before tickets, so that these have clocks. */
export async function addSla(app: TestApp, world: World): Promise<void> {
  const scope = staffScope(world.mspId);
  const { policyId } = await app.container.resolve(MakeDefaultSla).run(scope, { zone: 'Europe/London' });
  await app.container.resolve(SlaChoices).set(scope, { clientId: world.first, ticketType: null, policyId });
}

/** The choice of “no SLA” under the first client’s agreement, which is made with its tickets. */
export async function addAgreementChoice(app: TestApp, world: World): Promise<void> {
  const scope = staffScope(world.mspId);
  const agreement = await app.container
    .resolve(ScopedDb)
    .typed<AgreementTables>()
    .readFirst(scope, (query) => query.selectFrom('agreement').select('id').where('client_id', '=', world.first));
  if (agreement === undefined) throw new Error('an agreement was made');
  const choice = { clientId: world.first, agreementId: agreement.id, ticketType: 'task', policyId: 'none' as const };
  await app.container.resolve(SlaChoices).set(scope, choice);
}

/** A warning of a ticket of the first client, and somebody who was told. */
export async function addWarning(app: TestApp, world: World): Promise<void> {
  const scope = staffScope(world.mspId);
  const { staffId } = await addStaff(app, world, { name: 'Joan', standardRoles: ['technician'] });
  await app.container
    .resolve(ScopedDb)
    .typed<SlaTables>()
    .transaction(scope, async (tx) => {
      const clocks = await tx.query
        .selectFrom('sla_ticket')
        .select(['ticket_id', 'client_id', 'policy_version_id'])
        .where('policy_version_id', 'is not', null)
        .executeTakeFirstOrThrow();
      const crossing = { measure: 'response', clockFrom: app.clock.now(), percent: 75, dueAt: null } as const;
      const { ticket_id: ticketId, client_id: clientId, policy_version_id: policyVersionId } = clocks;
      const warning = { id: newId<'sla-warning'>(), ticketId, clientId, policyVersionId, ...crossing };
      await app.container.resolve(TicketSlaStore).warn(tx, [warning], app.clock.now());
      const told = { staffIds: [staffId as Id<'staff'>], clientId, key: 'world', kind: 'warning' } as const;
      const words = { title: 'Due soon', body: 'A ticket is due soon.', path: `/tickets/${ticketId}` } as const;
      await app.container.resolve(TellStaff).run(tx, { ...told, ...words });
    });
}

/** A run of the first client’s tickets under another policy, judged. */
export async function addWhatIf(app: TestApp, world: World): Promise<void> {
  const scope = staffScope(world.mspId);
  const strict = createPolicyInput.parse({
    name: 'Strict',
    targets: [1, 2, 3, 4].map((priority) => ({ priority, response: 'PT0S', update: 'PT0S', resolution: 'PT0S' })),
  });
  const { policyId } = await app.container.resolve(SlaPolicies).create(scope, strict);
  const today = app.clock.now().toZonedDateTimeISO('UTC').toPlainDate().toString();
  const about = { policyId, from: today, to: today, zone: 'UTC', clientId: world.first };
  const { whatIfId } = await app.container.resolve(RunWhatIf).start(scope, startWhatIfInput.parse(about));
  await app.container.resolve(RunWhatIf).judge(systemScope(world.mspId), { whatIfId, after: null });
}

/** An OLA of every team, by which the ticket that a team has is judged, and a warning of that. */
export async function addOla(app: TestApp, world: World, ticketId: Id<'ticket'>): Promise<void> {
  const [scope, system] = [staffScope(world.mspId), systemScope(world.mspId)];
  const targets = [1, 2, 3, 4].map((priority) => ({ priority, resolution: 'PT1H' }));
  const ola = createPolicyInput.parse({ name: 'Second line', kind: 'ola', targets, warnings: [{ percent: 50 }] });
  const { policyId } = await app.container.resolve(SlaPolicies).create(scope, ola);
  await app.container.resolve(TeamChoices).set(scope, { teamId: null, policyId });
  await app.container.resolve(FollowTeams).one(system, ticketId);
  await app.container
    .resolve(ScopedDb)
    .typed<OlaTables>()
    .transaction(scope, async (tx) => {
      const store = app.container.resolve(OlaStore);
      const stay = (await store.openStays(tx, [ticketId])).get(ticketId);
      if (stay === undefined) throw new Error('a team has the ticket');
      const warning = { id: newId<'ola-warning'>(), stay, percent: 50, dueAt: null };
      await store.warn(tx, [warning], app.clock.now());
    });
}

/** A feed that a calendar follows, as if it had been read. */
export async function addHolidayFeed(app: TestApp, world: World): Promise<void> {
  const scope = staffScope(world.mspId);
  const [calendar] = await app.container.resolve(SlaCalendars).list(scope);
  if (calendar === undefined) throw new Error('a calendar was made');
  const now = app.clock.now();
  await app.container
    .resolve(ScopedDb)
    .typed<HolidayFeedTables>()
    .transaction(scope, (tx) =>
      tx.query
        .insertInto('holiday_feed')
        .values({
          msp_id: world.mspId,
          id: newId<'holiday-feed'>(),
          calendar_id: calendar.id as Id<'sla-calendar'>,
          url: 'https://192.0.2.1/holidays.ics',
          holidays: '[]',
          succeeded_at: now,
          next_look_at: now,
        })
        .execute(),
    );
}
