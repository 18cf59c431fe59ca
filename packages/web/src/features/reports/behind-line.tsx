import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';

/** A ticket behind a number, and what of it the number counts. */
export interface TicketBehind {
  /** Null for what is on no ticket. */
  readonly number: number | null;
  readonly subject: string;
  readonly text: string;
}

/** Which line is looked behind, and what its tickets are. */
export interface LineBehind {
  readonly title: string;
  readonly key: readonly unknown[];
  readonly fetch: (signal: AbortSignal) => Promise<readonly TicketBehind[]>;
}

/** As many as are ever asked for. */
const MOST = 200;

/** The tickets behind one line of a report. */
export function BehindLine(props: { line: LineBehind | undefined; lead: string; onClose: () => void }): JSX.Element {
  return (
    <Dialog
      isOpen={props.line !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={props.line?.title ?? ''}
      description={props.lead}
      width="wide"
    >
      <Show when={props.line} keyed>
        {(line) => <Tickets line={line} />}
      </Show>
    </Dialog>
  );
}

function Tickets(props: { line: LineBehind }): JSX.Element {
  const scoped = useScopedHref();
  const query = createRecordQuery({
    key: () => ['report', 'list', 'behind', ...props.line.key],
    fetch: (signal) => props.line.fetch(signal),
  });
  return (
    <>
      <Show when={query.problem()}>
        {(problem) => <ErrorState problem={problem()} title="The tickets could not be loaded" onRetry={query.retry} />}
      </Show>
      <Show when={query.isLoading()}>
        <SkeletonText lines={5} />
      </Show>
      <ul class="divide-y divide-line">
        <For each={query.value() ?? []}>
          {(ticket) => (
            <li class="flex flex-wrap items-baseline gap-x-3 py-1.5">
              <Show when={ticket.number}>
                {(number) => (
                  <A class="font-mono text-accent-text hover:underline" href={scoped(`/tickets/${number()}`)}>
                    T-{number()}
                  </A>
                )}
              </Show>
              <span class="min-w-0 flex-1 truncate">{ticket.subject}</span>
              <span class="text-muted tabular-nums">{ticket.text}</span>
            </li>
          )}
        </For>
      </ul>
      <Show when={(query.value()?.length ?? 0) >= MOST}>
        <p class="pt-2 text-muted">These are the first {MOST}. Take fewer days, or one client, to see the others.</p>
      </Show>
    </>
  );
}
