import Inbox from 'lucide-solid/icons/inbox';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { Button } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';

/** Says how many rows wait, so that nothing moves under somebody who reads. */
export function WaitingPill(props: { count: number; onShow: () => void }): JSX.Element {
  return (
    <Show when={props.count > 0}>
      <button
        type="button"
        class="absolute top-1 left-1/2 z-20 inline-flex h-6 -translate-x-1/2 appear items-center rounded-full bg-accent px-3 font-medium text-on-accent shadow-menu"
        onClick={() => props.onShow()}
      >
        {props.count} new or changed, show
      </button>
    </Show>
  );
}

const EMPTY: Readonly<Record<string, { readonly title: string; readonly text: string }>> = {
  mine: { title: 'Nothing is yours', text: 'Take a ticket from Unassigned: stand on it and press a.' },
  unassigned: { title: 'Every ticket has somebody', text: 'What comes in without an assignee waits here.' },
  breaching: { title: 'Nothing breaches soon', text: 'What is due within four hours, or was due already, is here.' },
  waiting: { title: 'Nothing waits', text: 'Tickets that wait on a client or a vendor are here until they answer.' },
  open: {
    title: 'No open tickets',
    text: 'Tickets come by mail, from the portal, from alerts, and from you: press c to open one.',
  },
  closed: { title: 'Nothing was closed yet', text: 'Resolved and closed tickets are kept here.' },
};
const NOTHING = { title: 'Nothing fits this view', text: 'Tickets appear here as soon as they fit it.' };

export function NoTickets(props: { view: string; isNarrowed: boolean; onReset: () => void }): JSX.Element {
  const words = (): { readonly title: string; readonly text: string } => EMPTY[props.view] ?? NOTHING;
  return (
    <Show
      when={!props.isNarrowed}
      fallback={
        <EmptyState
          icon={Inbox}
          title="Nothing fits this filter"
          action={<Button onClick={() => props.onReset()}>Clear the filter</Button>}
        >
          Searching looks at the words of subjects and conversations, and at numbers.
        </EmptyState>
      }
    >
      <EmptyState icon={Inbox} title={words().title}>
        {words().text}
      </EmptyState>
    </Show>
  );
}
