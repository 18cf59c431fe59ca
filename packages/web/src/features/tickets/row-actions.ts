import { registerActions } from '#web/app/actions/actions.ts';
import { api } from '#web/app/api/api.ts';
import { changeTickets } from './bulk-source.ts';
import { STATUSES, type Ticket, type TicketStatus } from './ticket-words.ts';

const STATUS_KEYS: readonly (readonly [string, TicketStatus])[] = [
  ['s n', 'new'],
  ['s p', 'in-progress'],
  ['s w', 'waiting-client'],
  ['s v', 'waiting-vendor'],
  ['s r', 'resolved'],
  ['s c', 'closed'],
];

/**
 * What the keyboard does with the chosen tickets, or with the one that it stands on: `a` takes it, `s` and a letter sets the status, `p` and a digit the priority. The same names are in the
 * palette.
 */
export function registerRowActions(rows: {
  readonly active: () => Ticket | undefined;
  readonly chosen: () => ReadonlySet<string>;
  readonly mayWork: () => boolean;
}): void {
  const ids = (): ReadonlySet<string> => {
    if (rows.chosen().size > 0) return rows.chosen();
    const row = rows.active();
    return new Set(row === undefined ? [] : [row.id]);
  };
  const isEnabled = (): boolean => rows.mayWork() && ids().size > 0;
  const group = 'Ticket';
  registerActions(
    {
      id: 'tickets.take',
      name: 'Assign to me',
      group,
      shortcut: 'a',
      isEnabled,
      run: () =>
        void api.tickets.listAssignees.query({}).then(({ meId }) => {
          if (meId !== null) void changeTickets(ids(), { assigneeId: meId }, 'yours');
        }),
    },
    ...STATUS_KEYS.map(([shortcut, status]) => ({
      id: `tickets.set-${status}`,
      name: `Status: ${STATUSES[status].label}`,
      group,
      shortcut,
      isEnabled,
      run: () => void changeTickets(ids(), { status }, STATUSES[status].label.toLowerCase()),
    })),
    ...([1, 2, 3, 4] as const).map((priority) => ({
      id: `tickets.set-p${priority}`,
      name: `Priority: P${priority}`,
      group,
      shortcut: `p ${priority}`,
      isEnabled,
      run: () => void changeTickets(ids(), { priority }, `now P${priority}`),
    })),
  );
}
