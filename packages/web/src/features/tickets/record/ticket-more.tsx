import Ellipsis from 'lucide-solid/icons/ellipsis';
import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { api } from '#web/app/api/api.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Menu } from '#web/ui/menu/menu.tsx';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { ticketLabel, type TicketDetail } from '../ticket-words.ts';
import { AssignForm } from './assign-form.tsx';
import { FieldsForm } from './fields-form.tsx';
import { LinkForm } from './link-form.tsx';
import { MergeForm } from './merge-form.tsx';
import { SnoozeForm } from './snooze-dialog.tsx';
import { SplitForm } from './split-form.tsx';
import { TicketDialog } from './ticket-dialog.tsx';

type Form = (props: { ticket: TicketDetail; onClose: () => void }) => JSX.Element;

interface Doing {
  readonly id: string;
  readonly name: string;
  readonly shortcut?: string;
  readonly keywords: string;
  readonly title: string;
  readonly description: string;
  readonly form: Form;
}

const DOINGS: readonly Doing[] = [
  {
    id: 'tickets.edit-fields',
    name: 'Edit details',
    shortcut: 'e',
    keywords: 'category type impact urgency custom fields',
    title: 'Details',
    description: 'What the ticket is, and what your company wants to know of it.',
    form: FieldsForm,
  },
  {
    id: 'ticket-assignment.assign-ticket',
    name: 'Assign to a team',
    shortcut: 'shift+a',
    keywords: 'round robin load skill queue',
    title: 'Assign to a team',
    description: 'Who is away, or does not reach the client, is passed over.',
    form: AssignForm,
  },
  {
    id: 'ticket-snooze.snooze-ticket',
    name: 'Snooze',
    shortcut: 'z',
    keywords: 'hide later remind sleep',
    title: 'Snooze',
    description: 'It leaves the active views and comes back by itself. Its SLA clocks run on.',
    form: SnoozeForm,
  },
  {
    id: 'tickets.link-tickets',
    name: 'Link',
    shortcut: 'l',
    keywords: 'parent child problem incident duplicate related',
    title: 'Link',
    description: 'Children and incidents can then be answered and resolved together.',
    form: LinkForm,
  },
  {
    id: 'ticket-merging.merge-tickets',
    name: 'Merge',
    shortcut: 'm',
    keywords: 'duplicate join',
    title: 'Merge into another ticket',
    description:
      'Words, files, time and watchers go there; this one is closed and points to it. Time on an invoice stays.',
    form: MergeForm,
  },
  {
    id: 'ticket-merging.split-ticket',
    name: 'Split off',
    keywords: 'new ticket from comment',
    title: 'Split off',
    description: 'What was said begins a new ticket for the same people, and stays here too. Files stay here.',
    form: SplitForm,
  },
];

/** Everything that is done with a ticket as a whole, by menu, palette and key, each in its dialog. */
export function TicketMore(props: { ticket: TicketDetail }): JSX.Element {
  const { can } = useSession();
  const [open, setOpen] = createSignal<string>();
  const mayWork = (): boolean => can('tickets.work-tickets') && props.ticket.mergedIntoId === null;
  registerActions(
    ...DOINGS.map(({ id, name, shortcut, keywords }) => ({
      id,
      name,
      shortcut,
      keywords,
      group: 'Ticket',
      isEnabled: mayWork,
      run: () => setOpen(id),
    })),
    {
      id: 'ticket-snooze.wake-ticket',
      name: 'Wake it up',
      group: 'Ticket',
      isEnabled: () => mayWork() && props.ticket.isSnoozed,
      run: () => void wake(props.ticket),
    },
  );
  const close = (): void => {
    setOpen(undefined);
  };
  return (
    <>
      <Menu
        label="More"
        triggerClass="inline-flex size-5.5 items-center justify-center rounded-full border border-line-strong text-muted hover:bg-hover"
        trigger={<Ellipsis size={13} aria-label="What else can be done" />}
        parts={[
          ...DOINGS.map(({ id, name, shortcut }) => ({
            label: `${name}…`,
            shortcut,
            isDisabled: !mayWork(),
            run: () => setOpen(id),
          })),
          ...(props.ticket.isSnoozed ? [{ label: 'Wake it up', run: () => void wake(props.ticket) }] : []),
        ]}
      />
      {DOINGS.map(({ id, title, description, form: Content }) => (
        <TicketDialog
          isOpen={open() === id}
          onClose={close}
          title={`${title}: ${ticketLabel(props.ticket.number)}`}
          description={description}
        >
          <Content ticket={props.ticket} onClose={close} />
        </TicketDialog>
      ))}
    </>
  );
}

/** Brings a snoozed ticket back at once. */
export async function wake(ticket: { id: string; number: number; version: number }): Promise<void> {
  try {
    await api['ticket-snooze'].wakeTicket.mutate({ ticketId: ticket.id as never, version: ticket.version });
    showDone(`${ticketLabel(ticket.number)} is awake`);
  } catch (error) {
    showProblem('The ticket was not woken', toProblem(error).message);
  }
  await invalidateTopic('ticket', ticket.id);
}
