import { idSchema, type ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AlertView } from '#modules/alerts';
import type { AssetId } from '#modules/assets';
import { LogTime } from '#modules/time';
import {
  CommentOnTicket,
  OpenTicket,
  TicketAlerts,
  TicketQueries,
  TicketQueues,
  UpdateTicket,
  type TicketId,
} from '#modules/tickets';
import type { StagedDesk } from './desk/catalogue.ts';
import type { Opening } from './desk/openings.ts';
import { askForRating } from './desk/ratings.ts';
import { askRules } from './desk/rules.ts';
import { planTickets, type TicketPlan, type TicketStep } from './ticket-plan.ts';
import { beginningOf, eachOf, type Stage, type StagedClient, type StagedStaff } from './stage.ts';

type QueueId = ReturnType<(typeof queueIdSchema)['parse']>;
const queueIdSchema = idSchema('ticket-queue');

interface Cast {
  /** How many tickets. */
  readonly count: number;
  readonly clients: readonly StagedClient[];
  readonly staff: readonly StagedStaff[];
  readonly desk: StagedDesk;
}

/** Tickets that are opened and lived through at once; more would only wait for the database. */
const LIVES_AT_ONCE = 7;

/**
 * Six months of work. Tickets, also those that alerts make, are opened one after the other, so that their numbers follow the calendar; what happens on them afterwards is told
 * meanwhile, several at a time.
 */
export async function loadTickets(
  stage: Stage,
  cast: Cast,
  alerts: readonly AlertView[],
  others: readonly Opening[],
): Promise<{ opened: number; stillOpen: number }> {
  const queues = await loadQueues(stage);
  const folk = cast.clients.map(({ contacts, machines }) => ({ contacts, machines: machines.map(({ plan }) => plan) }));
  const plans = planTickets(cast.count, folk, stage.clock.present, stage.random.fork('tickets'));
  const openings: Opening[] = [
    ...plans.map((plan) => ({
      at: plan.openedAt,
      open: async () => {
        const ticketId = await openTicket(stage, cast, queues, plan);
        return () => liveThrough(stage, cast, plan, ticketId);
      },
    })),
    ...alerts.map((alert) => alertOpening(stage, alert)),
    ...others,
  ].toSorted((a, b) => Temporal.Instant.compare(a.at, b.at));
  const lives = new Set<Promise<void>>();
  let failure: { error: unknown } | null = null;
  await eachOf(
    stage,
    'tickets',
    openings,
    async ({ at, open }) => {
      if (failure !== null) throw failure.error;
      const live = await stage.clock.at(at, open);
      if (live === null) return;
      const life = live()
        .catch((error: unknown) => void (failure ??= { error }))
        .finally(() => lives.delete(life));
      lives.add(life);
      if (lives.size >= LIVES_AT_ONCE) await Promise.race(lives);
    },
    { atOnce: 1 },
  );
  await Promise.all(lives);
  if (failure !== null) throw (failure as { error: unknown }).error;
  const isDone = ({ steps }: TicketPlan): boolean =>
    steps.some((step) => 'status' in step && step.status === 'resolved');
  return { opened: plans.length, stillOpen: plans.filter((plan) => !isDone(plan)).length };
}

/** What the events of an alert would have done, at the alert's own times. */
function alertOpening({ container, clock, system }: Stage, alert: AlertView): Opening {
  const about = {
    ...alert,
    alertId: alert.id,
    clientId: alert.clientId as ClientId,
    assetId: alert.assetId as AssetId | null,
  };
  return {
    at: Temporal.Instant.from(alert.openedAt),
    open: async () => {
      await container.resolve(TicketAlerts).raised(system, { ...about, text: alert.message });
      const { recoveredAt } = alert;
      if (recoveredAt === null) return null;
      return () =>
        clock.at(Temporal.Instant.from(recoveredAt), () => container.resolve(TicketAlerts).recovered(system, about));
    },
  };
}

async function loadQueues({ container, clock, system }: Stage): Promise<Map<string, QueueId>> {
  const queues = new Map<string, QueueId>();
  for (const name of ['Service desk', 'Infrastructure', 'Projects']) {
    const { queueId } = await clock.at(beginningOf(clock), () =>
      container.resolve(TicketQueues).create(system, { name }),
    );
    queues.set(name, queueId);
  }
  return queues;
}

async function openTicket(
  stage: Stage,
  { clients, staff, desk }: Cast,
  queues: ReadonlyMap<string, QueueId>,
  plan: TicketPlan,
): Promise<TicketId> {
  const { container, clock } = stage;
  const client = clients[plan.client];
  const contact = client?.contacts[plan.contact];
  if (client === undefined || contact === undefined) throw new RangeError('The plan names a client that is not there.');
  const siteId = client.siteIds[contact.site];
  const queueId = queues.get(plan.topic.queue);
  const machine = plan.machine === null ? undefined : client.machines[plan.machine];
  const assigneeId = plan.assignee === null ? undefined : staff[plan.assignee]?.staffId;
  const categoryId = desk.categoryOf(plan.subject);
  const teamId = plan.topic.queue === 'Service desk' ? desk.teams.firstLine : desk.teams.infrastructure;
  const scope = plan.isFromPortal ? contact.scope : scopeOf(staff, plan.opener);
  const opened = await clock.at(plan.openedAt, () =>
    container.resolve(OpenTicket).run(
      scope,
      {
        clientId: client.clientId,
        type: plan.topic.type,
        subject: plan.subject,
        body: plan.body,
        impact: plan.topic.impact,
        urgency: plan.topic.urgency,
        contactId: contact.contactId,
        ...(siteId === undefined ? {} : { siteId }),
        ...(machine === undefined ? {} : { assetId: machine.assetId }),
        ...(categoryId === undefined ? {} : { categoryId }),
        // What comes through the portal has no queue, no team and nobody yet.
        ...(plan.isFromPortal ? {} : { teamId }),
        ...(plan.isFromPortal || queueId === undefined ? {} : { queueId }),
        ...(plan.isFromPortal || assigneeId === undefined ? {} : { assigneeId }),
      },
      undefined,
      plan.isFromPortal ? 'portal' : 'staff',
    ),
  );
  await clock.at(plan.openedAt, () => askRules(stage, opened.ticketId));
  if (plan.isFromPortal && assigneeId !== undefined && plan.steps.length > 0)
    await clock.at(plan.openedAt.add({ minutes: 2 }), async () => {
      const opener = scopeOf(staff, plan.opener);
      const { version } = await container.resolve(TicketQueries).row(opener, opened.ticketId);
      const given = { queueId: queueId ?? null, assigneeId, teamId };
      await container.resolve(UpdateTicket).run(opener, { ticketId: opened.ticketId, version, ...given });
    });
  return opened.ticketId;
}

async function liveThrough(stage: Stage, cast: Cast, plan: TicketPlan, ticketId: TicketId): Promise<void> {
  for (const step of plan.steps) await stage.clock.at(step.at, () => take(stage, cast, plan, ticketId, step));
}

async function take(
  stage: Stage,
  { clients, staff }: Cast,
  plan: TicketPlan,
  ticketId: TicketId,
  step: TicketStep,
): Promise<void> {
  const { container } = stage;
  const contact = clients[plan.client]?.contacts[plan.contact];
  const comments = container.resolve(CommentOnTicket);
  switch (step.kind) {
    case 'reply':
      await comments.reply(scopeOf(staff, step.staff), { ticketId, body: step.text, fileIds: [], status: step.status });
      if (step.status === 'resolved' && contact !== undefined) await askForRating(stage, contact, ticketId);
      return;
    case 'note':
      await comments.note(scopeOf(staff, step.staff), {
        ticketId,
        body: step.text,
        fileIds: [],
        visibility: 'internal',
      });
      return;
    case 'client-reply':
      if (contact !== undefined) await comments.reply(contact.scope, { ticketId, body: step.text, fileIds: [] });
      return;
    case 'time':
      await container.resolve(LogTime).run(scopeOf(staff, step.staff), {
        ticketId,
        workType: plan.topic.workType,
        startedAt: step.at.subtract({ minutes: step.minutes }),
        minutes: step.minutes,
        note: step.text,
        visibility: 'public',
      });
      return;
    case 'status': {
      const scope = scopeOf(staff, step.staff);
      const { version } = await container.resolve(TicketQueries).row(scope, ticketId);
      await container.resolve(UpdateTicket).run(scope, { ticketId, version, status: step.status });
    }
  }
}

function scopeOf(staff: readonly StagedStaff[], index: number): TenantScope {
  const person = staff[index];
  if (person === undefined) throw new RangeError('The plan names a member of staff who is not there.');
  return person.scope;
}
