import type { Id } from '#kernel/id';
import { requestFormsModule } from '#modules/request-forms';
import { ticketsModule } from '#modules/tickets';
import type { Stage, StagedClient, StagedStaff } from '../stage.ts';
import { act } from './act.ts';
import type { StagedDesk } from './catalogue.ts';
import { deliver, picturedMail, plainMail } from './mails.ts';
import { openTickets } from './open-tickets.ts';
import { askRules } from './rules.ts';

/** What opens a ticket, at its time; what it answers is the ticket's further life. */
export interface Opening {
  readonly at: Temporal.Instant;
  readonly open: () => Promise<(() => Promise<void>) | null>;
}

type TicketId = Id<'ticket'>;

/** Tickets that come by other ways than the many: by mail, with a picture and an answer; by mail from somebody unknown; by a form; and a problem. */
export function deskOpenings(
  stage: Stage,
  desk: StagedDesk,
  clients: readonly StagedClient[],
  staff: readonly StagedStaff[],
): Opening[] {
  const [client] = clients;
  const lead = staff[1];
  if (client === undefined || lead === undefined) throw new RangeError('Nobody is there to write a mail.');
  const zone = client.plan.timeZone;
  const at = (daysAgo: number, time: string): Temporal.Instant => workday(stage.clock.present, zone, daysAgo, time);
  return [
    pictured(stage, desk, client, lead, at(1, '09:42')),
    {
      at: at(1, '11:05'),
      open: () =>
        silent(
          deliver(
            stage,
            desk,
            plainMail(
              stage.clock.now(),
              { name: 'Parcel service', email: 'notice@parcel-track.example' },
              'Your parcel waits: pay the fee today',
              'Dear customer,\n\nyour parcel could not be delivered. Pay 1.99 under the link below within 24 hours.',
            ),
          ),
        ),
    },
    {
      at: at(0, '08:51'),
      open: () =>
        silent(
          deliver(
            stage,
            desk,
            plainMail(
              stage.clock.now(),
              { name: 'Helen Marsh', email: `helen.marsh@${client.plan.domain}` },
              'Meeting room screen stays dark',
              'Good morning,\n\nthe screen in the large meeting room stays dark since yesterday. We have guests at two.\n\nHelen (new here, I began on the first)',
            ),
          ),
        ),
    },
    starter(stage, desk, client, at(2, '14:20')),
    problem(stage, client, lead, at(9, '10:30')),
    ...openTickets(stage, desk, clients, staff),
  ];
}

function pictured(
  stage: Stage,
  desk: StagedDesk,
  client: StagedClient,
  lead: StagedStaff,
  at: Temporal.Instant,
): Opening {
  const { container, clock } = stage;
  const sender = client.contacts[1] ?? client.contacts[0];
  if (sender === undefined) throw new RangeError('The client has no people.');
  const subject = 'The case file does not open';
  const tickets = ticketsModule.operations(container);
  return {
    at,
    open: async () => {
      const words = {
        before: 'Hello,<br>since this morning one of my case files does not open any more. I get this:',
        after: 'The others are fine. The hearing is on Thursday, so it is a little urgent.',
      };
      await deliver(stage, desk, await picturedMail(at, sender, subject, words));
      const { items } = await act(tickets.listTickets, lead.scope, {
        tab: 'all',
        contactId: sender.contactId,
        sort: 'opened',
        limit: 1,
      });
      const [ticket] = items;
      if (ticket === undefined) return null;
      return async () => {
        await clock.at(at.add({ minutes: 34 }), () =>
          act(tickets.replyToTicket, lead.scope, {
            ticketId: ticket.id,
            html: '<p>Thank you for the picture, that helps. The file is locked by a session that ended badly.</p><p>May I close it? Whatever you had not saved on that machine would be lost.</p>',
            status: 'waiting-client',
          }),
        );
        const answeredAt = at.add({ minutes: 71 });
        await clock.at(answeredAt, () =>
          deliver(
            stage,
            desk,
            plainMail(
              answeredAt,
              sender,
              `Re: [T-${ticket.number}] ${subject}`,
              'Yes please, there is nothing of mine in it.\n\nOn the same day Northgate IT wrote:\n> Thank you for the picture, that helps. The file is locked by a session that ended badly.\n> May I close it?',
            ),
          ),
        );
      };
    },
  };
}

function starter(stage: Stage, desk: StagedDesk, client: StagedClient, at: Temporal.Instant): Opening {
  const { container, clock } = stage;
  const { formId, fields } = desk.starterForm;
  const contact = client.contacts[0];
  if (contact === undefined) throw new RangeError('The client has no people.');
  const day = clock.present.toZonedDateTimeISO(client.plan.timeZone).toPlainDate().add({ days: 12 }).toString();
  const values = [
    { name: 'First day', value: day },
    { name: 'Works like', value: client.contacts[2]?.name ?? '' },
  ].flatMap(({ name, value }) => {
    const fieldId = fields.get(name);
    return fieldId === undefined ? [] : [{ fieldId, value }];
  });
  return {
    at,
    open: async () => {
      const { ticketId } = await act(requestFormsModule.operations(container).fillForm, contact.scope, {
        formId,
        subject: 'New colleague in the Guildford office',
        body: 'A trainee begins with us. She needs a laptop, and the same folders as the others of her team.',
        values,
      });
      await askRules(stage, ticketId as TicketId);
      return null;
    },
  };
}

function problem(stage: Stage, client: StagedClient, lead: StagedStaff, at: Temporal.Instant): Opening {
  return {
    at,
    open: async () => {
      await act(ticketsModule.operations(stage.container).openTicket, lead.scope, {
        clientId: client.clientId,
        type: 'problem',
        subject: PROBLEM_SUBJECT,
        body: 'Printing stops again and again on machines that share a driver. Find out why, once.',
        impact: 2,
        urgency: 3,
        assigneeId: lead.staffId,
      });
      return null;
    },
  };
}

/** By what the problem is found again. */
export const PROBLEM_SUBJECT = 'Spooler stops on machines with driver 6.3';

async function silent(work: Promise<void>): Promise<null> {
  await work;
  return null;
}

/** A time of day so many working days ago; today's only where it is past, else a little before the present. */
function workday(present: Temporal.Instant, timeZone: string, daysAgo: number, time: string): Temporal.Instant {
  let day = present.toZonedDateTimeISO(timeZone).toPlainDate();
  for (let left = daysAgo; left > 0 || day.dayOfWeek > 5;) {
    day = day.subtract({ days: 1 });
    if (day.dayOfWeek <= 5) left -= 1;
  }
  const at = day.toZonedDateTime({ timeZone, plainTime: time }).toInstant();
  const latest = present.subtract({ minutes: 90 });
  return Temporal.Instant.compare(at, latest) > 0 ? latest : at;
}
