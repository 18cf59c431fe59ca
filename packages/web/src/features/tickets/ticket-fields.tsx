import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Avatar } from '#web/ui/avatar/avatar.tsx';
import { ClientDot } from '#web/ui/client-dot/client-dot.tsx';
import { Menu } from '#web/ui/menu/menu.tsx';
import { priorityName, type PriorityLevel } from '#web/ui/priority/priority.tsx';
import { StatusPill, type State } from '#web/ui/status-pill/status-pill.tsx';
import { TicketMarks } from './record/ticket-marks.tsx';
import { TicketMore } from './record/ticket-more.tsx';
import { changeTicket, createAssignees } from './ticket-source.ts';
import { NEXT, STATUSES, ticketLabel, type TicketDetail, type TicketStatus } from './ticket-words.ts';

const PRIORITY_STATE: Readonly<Record<number, State>> = { 1: 'critical', 2: 'critical', 3: 'warning', 4: 'neutral' };
const CHIP =
  'inline-flex h-5.5 max-w-full items-center gap-1.5 rounded-full border border-line-strong px-2 text-[0.9375em] font-medium hover:bg-hover';

/** What a ticket is now, each part the button that changes it: priority, status, client, asset, assignee. */
export function TicketFields(props: { ticket: TicketDetail }): JSX.Element {
  const { can } = useSession();
  const assignees = createAssignees();
  const mayWork = (): boolean => can('tickets.work-tickets');
  const me = () => assignees.value()?.meId ?? undefined;
  const setStatus = (status: TicketStatus): void => {
    const before = props.ticket.status;
    const canGoBack = NEXT[status].includes(before);
    void changeTicket(
      props.ticket,
      { status },
      {
        text: `${ticketLabel(props.ticket.number)} is ${STATUSES[status].label.toLowerCase()}`,
        ...(canGoBack ? { back: { status: before } } : {}),
      },
    );
  };
  const assign = (assigneeId: string | null): void => {
    const name = assignees.value()?.items.find(({ id }) => id === assigneeId)?.name ?? 'nobody';
    void changeTicket(
      props.ticket,
      { assigneeId: assigneeId as never },
      { text: `${ticketLabel(props.ticket.number)} is with ${name}`, back: { assigneeId: props.ticket.assigneeId } },
    );
  };
  registerActions(
    {
      id: 'tickets.assign-to-me',
      name: 'Assign to me',
      group: 'Ticket',
      shortcut: 'a',
      isEnabled: () => mayWork() && me() !== undefined && props.ticket.assigneeId !== me(),
      run: () => assign(me() ?? null),
    },
    {
      id: 'tickets.resolve',
      name: 'Resolve',
      group: 'Ticket',
      shortcut: 'd',
      isEnabled: () => mayWork() && NEXT[props.ticket.status].includes('resolved'),
      run: () => setStatus('resolved'),
    },
  );
  return (
    <div class="mt-2 flex flex-wrap items-center gap-1.5">
      <PriorityMenu ticket={props.ticket} />
      <Menu
        label="Status"
        triggerClass="rounded-full"
        trigger={
          <StatusPill state={STATUSES[props.ticket.status].state}>{STATUSES[props.ticket.status].label}</StatusPill>
        }
        parts={[
          {
            heading: 'Status',
            value: props.ticket.status,
            choose: (value) => setStatus(value as TicketStatus),
            options: [props.ticket.status, ...NEXT[props.ticket.status]].map((value) => ({
              value,
              label: STATUSES[value].label,
            })),
          },
        ]}
      />
      <span class={CHIP}>
        <ClientDot id={props.ticket.clientId} name={props.ticket.clientName ?? '…'} />
      </span>
      <Show when={props.ticket.assetName}>
        {(name) => (
          <a class={CHIP} href={`/assets/${props.ticket.assetId}`}>
            <span class="truncate-line font-mono text-[0.9375em]">{name()}</span>
          </a>
        )}
      </Show>
      <Menu
        label="Assignee"
        triggerClass={CHIP}
        trigger={
          <Show when={props.ticket.assigneeName} fallback={<span class="text-muted">Nobody</span>}>
            {(name) => (
              <>
                <Avatar name={name()} isDecorative />
                {props.ticket.assigneeId === me() ? 'You' : name()}
              </>
            )}
          </Show>
        }
        parts={[
          {
            heading: 'Assignee',
            value: props.ticket.assigneeId ?? '',
            choose: (value) => assign(value === '' ? null : value),
            options: [
              { value: '', label: 'Nobody' },
              ...(assignees.value()?.items ?? []).map(({ id, name }) => ({ value: id as string, label: name })),
            ],
          },
        ]}
      />
      <Show when={props.ticket.teamName}>{(name) => <span class={CHIP}>{name()}</span>}</Show>
      <TicketMarks ticket={props.ticket} />
      <Show when={mayWork()}>
        <TicketMore ticket={props.ticket} />
      </Show>
    </div>
  );
}

function PriorityMenu(props: { ticket: TicketDetail }): JSX.Element {
  const setPriority = (value: string): void =>
    void changeTicket(
      props.ticket,
      { priority: Number(value) as 1 },
      { text: `${ticketLabel(props.ticket.number)} is P${value}`, back: { priority: props.ticket.priority as 1 } },
    );
  return (
    <Menu
      label="Priority"
      triggerClass="rounded-full"
      trigger={
        <StatusPill state={PRIORITY_STATE[props.ticket.priority] ?? 'neutral'} hasMark>
          {priorityName(props.ticket.priority as PriorityLevel)}
        </StatusPill>
      }
      parts={[
        {
          heading: 'Priority',
          value: String(props.ticket.priority),
          choose: setPriority,
          options: [1, 2, 3, 4].map((level) => ({
            value: String(level),
            label: priorityName(level as PriorityLevel),
          })),
        },
      ]}
    />
  );
}
