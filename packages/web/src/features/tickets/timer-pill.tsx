import { useNavigate } from '@solidjs/router';
import Timer from 'lucide-solid/icons/timer';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Menu } from '#web/ui/menu/menu.tsx';
import { createSeconds, createTimer, stopTimer } from './timer-source.ts';
import { ticketLabel } from './ticket-words.ts';

/** The running timer in the top bar: how long, on which ticket, and the way to stop it. */
export function TimerPill(): JSX.Element {
  const { can } = useSession();
  return (
    <Show when={can('time.log-time')}>
      <RunningTimer />
    </Show>
  );
}

function RunningTimer(): JSX.Element {
  const current = createTimer();
  const navigate = useNavigate();
  const scoped = useScopedHref();
  const now = createSeconds();
  const timer = () => current.value()?.timer ?? undefined;
  const ran = (): string => {
    const startedAt = timer()?.startedAt;
    if (startedAt === undefined || startedAt === null || now() === 0) return '00:00';
    const seconds = Math.max(0, Math.floor((now() - Temporal.Instant.from(startedAt).epochMilliseconds) / 1000));
    const hours = Math.floor(seconds / 3600);
    const rest = [Math.floor((seconds % 3600) / 60), seconds % 60].map((part) => String(part).padStart(2, '0'));
    return hours === 0 ? rest.join(':') : `${hours}:${rest.join(':')}`;
  };
  registerActions({
    id: 'time.stop-timer',
    name: 'Stop the timer',
    group: 'Time',
    shortcut: 'shift+t',
    isEnabled: () => timer() !== undefined,
    run: () => void stopTimer(),
  });
  return (
    <Show when={timer()}>
      {(value) => (
        <Menu
          label={`Timer on ${ticketLabel(value().ticketNumber)}`}
          placement="bottom-end"
          triggerClass={`inline-flex h-6 items-center gap-1.5 rounded-full px-2.5 font-medium tabular-nums ${value().isForgotten ? 'bg-warning-soft text-warning-text' : 'bg-info-soft text-info-text'}`}
          trigger={
            <>
              <Timer size={13} />
              <span>{ran()}</span>
              <span class="font-normal">{ticketLabel(value().ticketNumber)}</span>
            </>
          }
          parts={[
            { label: 'Stop and log', shortcut: 'shift+t', run: () => void stopTimer() },
            { label: 'Open the ticket', run: () => navigate(scoped(`/tickets/${value().ticketNumber}`)) },
            'separator',
            { label: 'Throw the time away', isDangerous: true, run: () => void stopTimer({ isDiscarded: true }) },
          ]}
        />
      )}
    </Show>
  );
}
