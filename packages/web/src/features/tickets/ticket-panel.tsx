import { A } from '@solidjs/router';
import Maximize2 from 'lucide-solid/icons/maximize-2';
import Timer from 'lucide-solid/icons/timer';
import { Show, createEffect, on } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { Composer } from './composer.tsx';
import { Conversation } from './conversation.tsx';
import { MergedNote } from './record/ticket-marks.tsx';
import { TicketPresence } from './presence.tsx';
import { TicketFields } from './ticket-fields.tsx';
import { TicketSla } from './ticket-sla.tsx';
import { createTicket } from './ticket-source.ts';
import { SOURCES, ticketLabel, TYPES, type TicketDetail } from './ticket-words.ts';
import { askToStop, createTimer, startTimer } from './timer-source.ts';

/** A ticket beside its list: what it is, what was said, and the reply. */
export function TicketPanel(props: {
  ticketId: string;
  /** "2 of 14". */
  place: string | undefined;
  onClose: () => void;
}): JSX.Element {
  const scoped = useScopedHref();
  const { session, can } = useSession();
  const ticket = createTicket(() => props.ticketId);
  let end: HTMLDivElement | undefined;
  // The newest words are what one opens a ticket for.
  createEffect(
    on(
      () => ticket.value()?.id,
      (id) => id !== undefined && requestAnimationFrame(() => end?.scrollIntoView({ block: 'end' })),
    ),
  );
  return (
    <SidePanel
      label={`Ticket ${ticket.value() === undefined ? '' : ticketLabel(ticket.value()?.number ?? 0)}`}
      onClose={props.onClose}
      head={
        <>
          <Show when={ticket.value()}>
            {(value) => (
              <>
                <span class="shrink-0 font-mono text-[0.9375em] text-text">{ticketLabel(value().number)}</span>
                <span class="truncate-line">
                  {TYPES[value().type]} · opened {SOURCES[value().source]} <RelativeTime iso={value().openedAt} />
                </span>
              </>
            )}
          </Show>
          <span class="ml-auto shrink-0 tabular-nums">{props.place}</span>
          <Show when={ticket.value()}>
            {(value) => (
              <A
                class={buttonClass({ kind: 'quiet', size: 'small' })}
                href={scoped(`/tickets/${value().number}`)}
                aria-label="Open the ticket’s page"
                title="Open the ticket’s page (o)"
              >
                <Maximize2 size={13} />
              </A>
            )}
          </Show>
        </>
      }
      foot={
        <>
          <TicketPresence ticketId={props.ticketId} />
          <Show when={can('tickets.work-tickets') && ticket.value()}>{(value) => <Composer ticket={value()} />}</Show>
        </>
      }
    >
      <Show when={ticket.problem()}>
        {(problem) => <ErrorState title="The ticket could not be loaded" problem={problem()} onRetry={ticket.retry} />}
      </Show>
      <Show
        when={ticket.value()}
        fallback={
          <Show when={ticket.problem() === undefined}>
            <PanelSection>
              <SkeletonText lines={6} />
            </PanelSection>
          </Show>
        }
      >
        {(value) => (
          <>
            <div class="sticky top-0 z-10 bg-surface">
              <PanelSection>
                <TicketTitle ticket={value()} />
                <TicketFields ticket={value()} />
                <MergedNote ticket={value()} />
                <div class="mt-3">
                  <TicketSla ticketId={value().id} />
                </div>
                <TicketAgreement ticket={value()} />
              </PanelSection>
            </div>
            <div class="px-4 py-3.5" ref={end}>
              <Conversation ticket={value()} myName={session().person.name} />
            </div>
          </>
        )}
      </Show>
    </SidePanel>
  );
}

/** The subject with the timer's button beside it. */
export function TicketTitle(props: { ticket: TicketDetail; isLarge?: boolean }): JSX.Element {
  const { can } = useSession();
  const timer = createTimer();
  const isHere = (): boolean => timer.value()?.timer?.ticketId === props.ticket.id;
  const toggle = (): void => {
    if (isHere()) askToStop(timer.value()?.timer ?? undefined);
    else void startTimer({ ticketId: props.ticket.id });
  };
  registerActions({
    id: 'time.toggle-timer',
    name: 'Start or stop the timer',
    group: 'Ticket',
    shortcut: 't',
    isEnabled: () => can('time.log-time'),
    run: toggle,
  });
  return (
    <div class="flex items-start gap-2">
      <h2
        class={`min-w-0 flex-1 font-semibold tracking-tight break-words ${props.isLarge === true ? 'text-large' : 'text-title'}`}
      >
        {props.ticket.subject}
      </h2>
      <Show when={can('time.log-time')}>
        <Button size="small" kind={isHere() ? 'secondary' : 'quiet'} icon={Timer} shortcut="t" onClick={toggle}>
          {isHere() ? 'Stop' : 'Timer'}
        </Button>
      </Show>
    </div>
  );
}

/** Which agreement holds, in one quiet line; the reason in full on hover. */
export function TicketAgreement(props: { ticket: TicketDetail }): JSX.Element {
  return (
    <p class="mt-2 truncate-line text-[0.9375em] text-muted" title={props.ticket.agreementReason}>
      Agreement: {props.ticket.agreementReason}
    </p>
  );
}
