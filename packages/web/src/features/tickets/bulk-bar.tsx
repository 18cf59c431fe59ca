import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { Button } from '#web/ui/button/button.tsx';
import { Menu } from '#web/ui/menu/menu.tsx';
import { buttonClass } from '#web/ui/button/button.tsx';
import { changeTickets, createAssignees } from './ticket-source.ts';

/** What can be done with the chosen tickets, in the place of the filters. It always says how many. */
export function BulkBar(props: { ids: ReadonlySet<string>; onDone: () => void }): JSX.Element {
  const assignees = createAssignees();
  const [isBusy, setBusy] = createSignal(false);
  const run = (change: Parameters<typeof changeTickets>[1], did: string): void => {
    setBusy(true);
    void changeTickets(props.ids, change, did).finally(() => {
      setBusy(false);
      props.onDone();
    });
  };
  return (
    <div
      class="flex flex-wrap items-center gap-2 border-b border-line bg-accent-soft px-4 py-1.5"
      role="toolbar"
      aria-label="Chosen tickets"
    >
      <span class="font-medium tabular-nums">
        {props.ids.size} {props.ids.size === 1 ? 'ticket' : 'tickets'} chosen
      </span>
      <Menu
        triggerClass={buttonClass({ kind: 'secondary', size: 'small' })}
        trigger="Assign to…"
        parts={[
          {
            heading: 'Assign to',
            value: '-',
            choose: (value) =>
              run({ assigneeId: (value === '' ? null : value) as never }, value === '' ? 'unassigned' : 'assigned'),
            options: [
              { value: '', label: 'Nobody' },
              ...(assignees.value()?.items ?? []).map(({ id, name }) => ({ value: id as string, label: name })),
            ],
          },
        ]}
      />
      <Button size="small" isBusy={isBusy()} onClick={() => run({ status: 'resolved' }, 'resolved')}>
        Resolve
      </Button>
      <Button size="small" isBusy={isBusy()} onClick={() => run({ status: 'closed' }, 'closed')}>
        Close
      </Button>
      <Button size="small" kind="quiet" class="ml-auto" onClick={() => props.onDone()}>
        Choose none
      </Button>
    </div>
  );
}
