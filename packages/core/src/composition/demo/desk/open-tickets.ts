import { ticketsModule } from '#modules/tickets';
import type { Stage, StagedClient, StagedStaff } from '../stage.ts';
import { act } from './act.ts';
import type { StagedDesk } from './catalogue.ts';
import type { Opening } from './openings.ts';
import { askRules } from './rules.ts';

/** A ticket that is being worked on now. Times count back from the present. */
interface OpenTicketPlan {
  readonly client: number;
  readonly contact: number;
  readonly subject: string;
  readonly body: string;
  readonly hoursAgo: number;
  readonly type?: 'request';
  readonly impact: 1 | 2 | 3;
  readonly urgency: 1 | 2 | 3;
  /** Counted from 0 in the staff; nobody's where it is left out. */
  readonly assignee?: number;
  /** After how many hours it was answered, and what it waits for since. */
  readonly answer?: {
    readonly afterHours: number;
    readonly text: string;
    readonly status?: 'waiting-client' | 'waiting-vendor';
  };
  /** After how many hours the client wrote again. */
  readonly again?: { readonly afterHours: number; readonly text: string };
}

/** As a queue looks on any morning: some new, some waiting, some late. */
const PLANS: readonly OpenTicketPlan[] = [
  {
    client: 0,
    contact: 3,
    subject: 'Dictation program loses the last minutes',
    body: 'When I stop the recording, the last two or three minutes are missing. It began after the update.',
    hoursAgo: 77,
    impact: 3,
    urgency: 2,
    assignee: 2,
    answer: {
      afterHours: 2,
      text: 'I can see it in the log. We have asked the vendor; until then, please save before you stop.',
      status: 'waiting-vendor',
    },
  },
  {
    client: 0,
    contact: 0,
    subject: 'Court portal refuses our certificate',
    body: 'The e-filing portal says that our certificate is not trusted. Nobody here can file anything.',
    hoursAgo: 29,
    impact: 1,
    urgency: 2,
    assignee: 0,
    answer: { afterHours: 1, text: 'The chain changed last night. We are putting the new root on all machines.' },
    again: { afterHours: 9, text: 'Still refused on the two machines at Guildford.' },
  },
  {
    client: 1,
    contact: 1,
    subject: 'X-ray viewer shows yesterday’s pictures',
    body: 'The viewer in room 3 shows pictures of yesterday. Rooms 1 and 2 are fine.',
    hoursAgo: 26,
    impact: 2,
    urgency: 2,
    assignee: 3,
  },
  {
    client: 1,
    contact: 2,
    subject: 'Till in Stockport prints no receipts',
    body: 'The receipt printer blinks red. We write receipts by hand.',
    hoursAgo: 21,
    impact: 3,
    urgency: 2,
    assignee: 4,
    answer: {
      afterHours: 3,
      text: 'Please send a picture of the lights, and of the label below the printer.',
      status: 'waiting-client',
    },
  },
  {
    client: 2,
    contact: 0,
    subject: 'Tablets in the yard lose the wireless network',
    body: 'All tablets at the loading dock drop out between gate 4 and gate 7. The drivers wait.',
    hoursAgo: 50,
    impact: 2,
    urgency: 1,
    assignee: 5,
    answer: { afterHours: 1, text: 'One access point is down. A spare is on its way to Wakefield, with Daniel.' },
  },
  {
    client: 2,
    contact: 2,
    subject: 'Extra mailbox for the port office',
    body: 'Could we have a shared mailbox immingham@… for the three of us?',
    hoursAgo: 31,
    type: 'request',
    impact: 3,
    urgency: 3,
  },
  {
    client: 1,
    contact: 3,
    subject: 'Monitor for the second reception desk',
    body: 'We have a second desk now and need a monitor, 24 inches like the other.',
    hoursAgo: 54,
    type: 'request',
    impact: 3,
    urgency: 3,
    assignee: 2,
    answer: { afterHours: 5, text: 'Of course. I ask your practice manager to approve the price first.' },
  },
  {
    client: 0,
    contact: 4,
    subject: 'Scanner sends black pages',
    body: 'Every second page is black since lunch.',
    hoursAgo: 5,
    impact: 3,
    urgency: 2,
  },
  {
    client: 2,
    contact: 3,
    subject: 'Timesheet export ends with an error',
    body: 'The export to payroll ends with “sequence contains no elements”. Payroll is on Friday.',
    hoursAgo: 7,
    impact: 2,
    urgency: 2,
    assignee: 3,
    answer: {
      afterHours: 1,
      text: 'I can repeat it here. One driver has no contract hours; I will come back with the vendor’s answer.',
    },
    again: { afterHours: 3, text: 'Thank you. Could we leave that driver out for now?' },
  },
  {
    client: 0,
    contact: 2,
    subject: 'Second screen stays dark after docking',
    body: 'After the coffee break the second screen stays dark until I plug the dock in anew.',
    hoursAgo: 3,
    impact: 3,
    urgency: 3,
    assignee: 0,
  },
];

/** Tickets that are open at the present, with clocks that run, wait and are broken. */
export function openTickets(
  stage: Stage,
  desk: StagedDesk,
  clients: readonly StagedClient[],
  staff: readonly StagedStaff[],
): Opening[] {
  const tickets = ticketsModule.operations(stage.container);
  const { clock } = stage;
  return PLANS.flatMap((plan): Opening[] => {
    const client = clients[plan.client];
    const contact = client?.contacts[plan.contact];
    const worker = staff[plan.assignee ?? 1];
    if (client === undefined || contact === undefined || worker === undefined) return [];
    const at = clock.present.subtract({ minutes: plan.hoursAgo * 60 });
    const after = (hours: number): Temporal.Instant => at.add({ minutes: hours * 60 });
    const open = async (): Promise<() => Promise<void>> => {
      const categoryId = desk.categoryOf(plan.subject);
      const { ticketId } = await clock.at(at, () =>
        act(tickets.openTicket, worker.scope, {
          clientId: client.clientId,
          contactId: contact.contactId,
          type: plan.type ?? 'incident',
          subject: plan.subject,
          body: plan.body,
          impact: plan.impact,
          urgency: plan.urgency,
          teamId: plan.impact === 3 ? desk.teams.firstLine : desk.teams.infrastructure,
          ...(categoryId === undefined ? {} : { categoryId }),
          ...(plan.assignee === undefined ? {} : { assigneeId: worker.staffId }),
        }),
      );
      await clock.at(at, () => askRules(stage, ticketId));
      return async () => {
        const { answer, again } = plan;
        if (answer !== undefined)
          await clock.at(after(answer.afterHours), () =>
            act(tickets.replyToTicket, worker.scope, { ticketId, body: answer.text, status: answer.status }),
          );
        if (again !== undefined)
          await clock.at(after(again.afterHours), () =>
            act(tickets.replyInPortal, contact.scope, { ticketId, body: again.text }),
          );
      };
    };
    return [{ at, open }];
  });
}
