import { approvalsModule } from '#modules/approvals';
import { olaModule } from '#modules/ola';
import { problemsModule } from '#modules/problems';
import { recurringTicketsModule } from '#modules/recurring-tickets';
import { ticketChecklistsModule } from '#modules/ticket-checklists';
import { ticketsModule } from '#modules/tickets';
import { ticketViewsModule } from '#modules/ticket-views';
import type { Stage, StagedClient, StagedStaff } from '../stage.ts';
import { act, doJob, tell } from './act.ts';
import type { StagedDesk } from './catalogue.ts';
import { PROBLEM_SUBJECT } from './openings.ts';

type Ticket = Awaited<ReturnType<typeof openTickets>>[number];

interface Cast {
  readonly desk: StagedDesk;
  readonly clients: readonly StagedClient[];
  readonly boss: StagedStaff;
  readonly lead: StagedStaff;
}

/** What is asked: the manager of the client for what it costs, our own for what is free. */
const APPROVALS = [
  {
    about: /monitor/i,
    subject: 'A monitor of 24 inches, with its cable',
    amountMinor: 18_900,
    answer: 'approved',
    comment: 'Go ahead.',
  },
  {
    about: /licence/i,
    subject: 'PDF editing for a year',
    amountMinor: 15_600,
    answer: 'refused',
    comment: 'The free one will do.',
  },
  { about: /colleague/i, subject: 'A laptop for the new colleague', amountMinor: 112_000, answer: null, comment: '' },
  { about: /mailbox/i, subject: 'A shared mailbox that nobody pays for', amountMinor: null, answer: null, comment: '' },
] as const;

/** What the desk is in the middle of: approvals, checklists, a problem that is understood, tickets that come again, views, and how long tickets are with their teams. */
export async function loadPresent(
  stage: Stage,
  desk: StagedDesk,
  clients: readonly StagedClient[],
  staff: readonly StagedStaff[],
): Promise<void> {
  const { container, clock, system } = stage;
  const [boss, lead] = staff;
  if (boss === undefined || lead === undefined) throw new RangeError('The desk has no lead.');
  const cast = { desk, clients, boss, lead };
  const open = await openTickets(stage, boss);
  // Nothing may happen on a ticket before what has happened on it.
  const at = clock.present.subtract({ minutes: 80 });
  const quiet = open.filter(({ updatedAt }) => Temporal.Instant.compare(updatedAt, at) < 0);
  await clock.at(at, async () => {
    await loadApprovals(stage, cast, quiet);
    await loadProblem(stage, cast, quiet);
  });
  await tickLists(stage, cast, quiet);
  await loadViews(stage, cast);
  await loadRecurring(stage, cast);
  await doJob(olaModule, container, system, { job: 'ola.follow-teams', payload: { after: null } });
}

async function openTickets({ container }: Stage, boss: StagedStaff) {
  const { items } = await act(ticketsModule.operations(container).listTickets, boss.scope, { tab: 'open', limit: 200 });
  return items;
}

async function loadApprovals(stage: Stage, { clients, boss, lead }: Cast, tickets: readonly Ticket[]): Promise<void> {
  const { container, clock, system } = stage;
  const operations = approvalsModule.operations(container);
  for (const [index, { about, answer, comment, subject, amountMinor }] of APPROVALS.entries()) {
    const ticket = tickets.find((one) => one.type === 'request' && about.test(one.subject));
    const client = clients.find(({ clientId }) => clientId === ticket?.clientId);
    const manager = client?.contacts[0];
    if (ticket === undefined || client === undefined || manager === undefined) continue;
    const asked =
      amountMinor === null
        ? { staffIds: [boss.staffId] }
        : { amountMinor, currency: client.plan.currency, contactIds: [manager.contactId] };
    const { approvalId } = await act(operations.requestApproval, lead.scope, {
      ticketId: ticket.id,
      subject,
      ...asked,
      dueAt: clock.present.add({ hours: 24 * (3 + index) }).toString(),
    });
    if (answer === null) continue;
    await clock.at(clock.now().add({ minutes: 25 }), async () => {
      await act(operations.answerInPortal, manager.scope, { approvalId, answer, comment });
      await tell(approvalsModule, container, system, {
        handler: 'conclude',
        aggregateId: approvalId,
        payload: { approvalId },
      });
    });
  }
}

async function loadProblem({ container }: Stage, { lead }: Cast, tickets: readonly Ticket[]): Promise<void> {
  const problem = tickets.find(({ subject }) => subject === PROBLEM_SUBJECT);
  if (problem === undefined) return;
  const operations = ticketsModule.operations(container);
  const { items: printing } = await act(operations.listTickets, lead.scope, {
    tab: 'all',
    types: ['incident'],
    search: 'print',
    clientId: problem.clientId,
    limit: 4,
  });
  for (const { id } of printing)
    await act(operations.linkTickets, lead.scope, { ticketId: id, toTicketId: problem.id, kind: 'caused-by' });
  await act(problemsModule.operations(container).saveProblem, lead.scope, {
    ticketId: problem.id,
    version: 0,
    rootCause: 'Driver 6.3 leaves finished jobs in the queue; after some hundred of them the spooler ends.',
    workaround: 'Clear the queue and pin driver 6.2. The vendor has confirmed the fault and promises 6.4.',
    isKnownError: true,
  });
}

async function tickLists(stage: Stage, { desk, lead }: Cast, tickets: readonly Ticket[]): Promise<void> {
  const { container, clock } = stage;
  const lists = ticketChecklistsModule.operations(container);
  for (const [index, ticket] of tickets.slice(0, 12).entries()) {
    const name = /starter|colleague/i.test(ticket.subject) ? 'New starter' : 'Monthly maintenance';
    const templateId = desk.checklists.get(name);
    await clock.at(clock.present.subtract({ minutes: 40 - index }), async () => {
      const known = await act(lists.listTicketChecklists, lead.scope, { ticketId: ticket.id });
      if (known.items.length === 0 && ticket.type === 'task' && templateId !== undefined)
        await act(lists.applyChecklist, lead.scope, { ticketId: ticket.id, templateId });
      const { items } = await act(lists.listTicketChecklists, lead.scope, { ticketId: ticket.id });
      for (const item of items[0]?.items.slice(0, 2) ?? [])
        await act(lists.tickItem, lead.scope, { itemId: item.id, version: item.version, isDone: true });
    });
  }
}

async function loadViews({ container }: Stage, { desk, boss }: Cast): Promise<void> {
  const { createView } = ticketViewsModule.operations(container);
  const views = [
    { name: 'First line', isShared: true, filter: { tab: 'open', teamId: desk.teams.firstLine }, groupBy: 'status' },
    {
      name: 'Infrastructure',
      isShared: true,
      filter: { tab: 'open', teamId: desk.teams.infrastructure },
      groupBy: null,
    },
    { name: 'Old ones', isShared: true, filter: { tab: 'open', openedDaysAgo: 14 }, groupBy: 'client' },
    { name: 'Due today', isShared: false, filter: { tab: 'open', dueWithinMinutes: 480 }, groupBy: null },
  ] as const;
  for (const { name, isShared, filter, groupBy } of views) {
    await act(createView, boss.scope, {
      name,
      isShared,
      settings: { filter, groupBy, sort: 'breach' },
    });
  }
}

async function loadRecurring({ container, clock }: Stage, { desk, clients, boss, lead }: Cast): Promise<void> {
  const { createRecurring } = recurringTicketsModule.operations(container);
  const plans = [
    {
      name: 'Backups looked at',
      rule: 'FREQ=WEEKLY;BYDAY=MO',
      time: '09:00',
      subject: 'Look at the backups of {client}, week {week}',
      list: null,
    },
    {
      name: 'Monthly maintenance',
      rule: 'FREQ=MONTHLY;BYDAY=2TU',
      time: '18:00',
      subject: 'Updates of the servers, {month} {year}',
      list: desk.checklists.get('Monthly maintenance') ?? null,
    },
    {
      name: 'Review with the management',
      rule: 'FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=5',
      time: '10:00',
      subject: 'Review of quarter {quarter} with {client}',
      list: null,
    },
  ];
  for (const [index, { time, subject, list, ...plan }] of plans.entries()) {
    const client = clients[index % clients.length];
    if (client === undefined) return;
    const tomorrow = clock.present.toZonedDateTimeISO(client.plan.timeZone).toPlainDate().add({ days: 1 });
    await act(createRecurring, boss.scope, {
      ...plan,
      clientId: client.clientId,
      startsAt: `${tomorrow.toString()}T${time}`,
      calendarId: desk.officeHoursId,
      checklistTemplateId: list,
      template: { subject, type: 'task', priority: 3, assigneeId: lead.staffId },
    });
  }
}
