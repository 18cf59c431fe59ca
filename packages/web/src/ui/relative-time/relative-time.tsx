import { createSignal, onCleanup, onMount } from 'solid-js';
import type { JSX } from 'solid-js';
import { exactTime, relativeTime } from './time-text.ts';
import { locale } from '#web/language/language.ts';

const TICK_MS = 15_000;

// One clock for all times on a page; it stands still while nobody looks at one.
const [now, setNow] = createSignal(0);
let shown = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function follow(): void {
  const tick = (): void => void setNow(Temporal.Now.instant().epochMilliseconds);
  tick();
  shown += 1;
  if (shown === 1) timer = setInterval(tick, TICK_MS);
  onCleanup(() => {
    shown -= 1;
    if (shown === 0) clearInterval(timer);
  });
}

/** When something was or will be, in the reader's zone: relative up to a day, then the date; exact on hover. `iso` is an instant. */
export function RelativeTime(props: { iso: string; class?: string | undefined }): JSX.Element {
  onMount(follow);
  const instant = (): Temporal.Instant => Temporal.Instant.from(props.iso);
  return (
    <time
      dateTime={props.iso}
      title={exactTime(instant(), Temporal.Now.timeZoneId(), locale())}
      class={`whitespace-nowrap ${props.class ?? ''}`}
    >
      {relativeTime(
        instant(),
        now() === 0 ? Temporal.Now.instant() : Temporal.Instant.fromEpochMilliseconds(now()),
        Temporal.Now.timeZoneId(),
        locale(),
      )}
    </time>
  );
}
