import { useNavigate } from '@solidjs/router';
import Pause from 'lucide-solid/icons/pause';
import Timer from 'lucide-solid/icons/timer';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { StopTimer } from '#web/features/time/stop-timer.tsx';
import { Menu, type MenuPart } from '#web/ui/menu/menu.tsx';
import {
  askToStop,
  clockText,
  createSeconds,
  createTimers,
  discardTimer,
  pauseTimer,
  secondsOf,
  startTimer,
  stoppingTimer,
  timerLabel,
  workOfTimer,
  type Timer as TimerView,
} from './timer-source.ts';

/** The timers in the top bar: how long, on which ticket, the way to stop, and those that are paused to go on with. */
export function TimerPill(): JSX.Element {
  const { can } = useSession();
  return (
    <Show when={can('time.log-time')}>
      <Timers />
    </Show>
  );
}

function Timers(): JSX.Element {
  const timers = createTimers();
  const now = createSeconds();
  const navigate = useNavigate();
  const scoped = useScopedHref();
  const first = (): TimerView | undefined => timers.value()?.items[0];
  const running = (): TimerView | undefined => (first()?.startedAt === null ? undefined : first());
  const paused = (): readonly TimerView[] =>
    (timers.value()?.items ?? []).filter(({ startedAt }) => startedAt === null);
  const switchOver = (): void => {
    const next = paused()[0];
    if (next !== undefined) void startTimer(workOfTimer(next));
  };
  registerActions(
    {
      id: 'time.stop-timer',
      name: 'Stop the timer and log its time',
      group: 'Time',
      shortcut: 'shift+t',
      isEnabled: () => first() !== undefined,
      run: () => askToStop(running() ?? first()),
    },
    {
      id: 'time.pause-timer',
      name: 'Pause the timer, or go on with it',
      group: 'Time',
      shortcut: 'shift+p',
      isEnabled: () => first() !== undefined,
      run: () => (running() === undefined ? switchOver() : void pauseTimer()),
    },
    {
      id: 'time.switch-timer',
      name: 'Switch to the timer before',
      group: 'Time',
      shortcut: 'shift+s',
      isEnabled: () => paused().length > 0,
      run: switchOver,
    },
  );
  const parts = (timer: TimerView): MenuPart[] => [
    { label: 'Stop and log…', shortcut: 'shift+t', run: () => askToStop(timer) },
    timer.startedAt === null
      ? { label: 'Go on', shortcut: 'shift+p', run: () => void startTimer(workOfTimer(timer)) }
      : { label: 'Pause', shortcut: 'shift+p', run: () => void pauseTimer() },
    timer.ticketNumber === null
      ? { label: 'Open the client', run: () => navigate(`/clients/${timer.clientId}`) }
      : { label: 'Open the ticket', run: () => navigate(scoped(`/tickets/${timer.ticketNumber}`)) },
    ...others(timer).map((other, index) => ({
      label: `Switch to ${timerLabel(other)}, ${clockText(other.secondsBefore)}`,
      ...(index === 0 ? { shortcut: 'shift+s' } : {}),
      run: () => void startTimer(workOfTimer(other)),
    })),
    'separator',
    { label: 'Throw the time away', isDangerous: true, run: () => void discardTimer(workOfTimer(timer)) },
  ];
  const others = (timer: TimerView): readonly TimerView[] =>
    paused().filter((other) => other.ticketId !== timer.ticketId || other.clientId !== timer.clientId);
  return (
    <>
      <Show when={first()}>
        {(timer) => (
          <Menu
            label={`${timer().startedAt === null ? 'Paused timer' : 'Timer'} on ${timerLabel(timer())}`}
            placement="bottom-end"
            triggerClass={`inline-flex h-6 shrink-0 items-center gap-1.5 rounded-full px-2.5 font-medium whitespace-nowrap tabular-nums ${look(timer())}`}
            trigger={
              <>
                <Show when={timer().startedAt === null} fallback={<Timer size={13} />}>
                  <Pause size={13} />
                </Show>
                <span>{clockText(secondsOf(timer(), now()))}</span>
                <span class="truncate-line max-w-32 font-normal">{timerLabel(timer())}</span>
                <Show when={timer().isForgotten}>
                  <span class="font-normal max-md:hidden">still running?</span>
                </Show>
                <Show when={others(timer()).length > 0}>
                  <span class="font-normal max-md:hidden">+{others(timer()).length}</span>
                </Show>
              </>
            }
            parts={parts(timer())}
          />
        )}
      </Show>
      <StopTimer timer={stoppingTimer()} onClose={() => askToStop(undefined)} />
    </>
  );
}

function look(timer: TimerView): string {
  if (timer.isForgotten) return 'bg-warning-soft text-warning-text';
  return timer.startedAt === null ? 'bg-paused-soft text-paused-text' : 'bg-info-soft text-info-text';
}
