import { For, Show, createEffect, createSignal, on, onCleanup } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { queryClient } from '#web/app/query/query-client.ts';
import { Avatar } from '#web/ui/avatar/avatar.tsx';

/** Half of the time after which the server forgets a window. */
const RENEW_MS = 25_000;
/** Nobody types without a pause: after this one they only look. */
const TYPING_MS = 6000;

const presence = api['ticket-presence'];
/** This window, for as long as it is open. */
const windowId = crypto.randomUUID();
type State = 'viewing' | 'typing' | 'gone';

/** Who else looks at a ticket, and who writes on it; tells the others the same of the reader. */
export function TicketPresence(props: { ticketId: string }): JSX.Element {
  const key = (): readonly unknown[] => ['ticket-presence', 'one', props.ticketId];
  const people = createRecordQuery({
    key,
    fetch: (signal) => presence.listPresence.query({ ticketId: props.ticketId as never }, { signal }),
    refetchEveryMs: RENEW_MS,
  });
  const [isTyping, setTyping] = createSignal(false);
  let pause: ReturnType<typeof setTimeout> | undefined;
  const say = (ticketId: string, state: State): void =>
    void presence.announce
      .mutate({ ticketId: ticketId as never, windowId, state })
      .then((now) => {
        if (state !== 'gone') queryClient.setQueryData(['ticket-presence', 'one', ticketId], now);
      })
      // Who looks on is no reason to trouble anybody: the next time says it again.
      .catch(() => undefined);
  createEffect(
    on(
      () => props.ticketId,
      (ticketId) => {
        say(ticketId, 'viewing');
        const renewal = setInterval(() => {
          if (document.visibilityState === 'visible') say(ticketId, isTyping() ? 'typing' : 'viewing');
        }, RENEW_MS);
        onCleanup(() => {
          clearInterval(renewal);
          clearTimeout(pause);
          setTyping(false);
          say(ticketId, 'gone');
        });
      },
    ),
  );
  createEffect(on(isTyping, (now) => say(props.ticketId, now ? 'typing' : 'viewing'), { defer: true }));
  const onInput = (event: Event): void => {
    const { target } = event;
    const isWriting =
      target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
    if (!isWriting) return;
    setTyping(true);
    clearTimeout(pause);
    pause = setTimeout(() => setTyping(false), TYPING_MS);
  };
  document.addEventListener('input', onInput);
  onCleanup(() => document.removeEventListener('input', onInput));
  return (
    <Show when={(people.value()?.people ?? []).length > 0}>
      <ul class="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5 text-[0.9375em] text-muted" aria-label="Also here">
        <For each={people.value()?.people ?? []}>
          {(person) => (
            <li
              class="inline-flex items-center gap-1.5"
              classList={{ 'font-medium text-warning-text': person.isTyping }}
            >
              <Avatar name={person.name} isDecorative />
              {person.name} {person.isTyping ? 'is writing…' : 'is here'}
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
