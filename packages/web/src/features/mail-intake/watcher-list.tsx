import X from 'lucide-solid/icons/x';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { createTicketMails } from './ticket-mail-source.ts';

/** Who gets by mail what staff answer, beside the ticket's contact; and addresses that mail did not reach. */
export function WatcherList(props: { ticketId: string }): JSX.Element {
  const { can } = useSession();
  const mails = createTicketMails(() => props.ticketId);
  const [address, setAddress] = createSignal('');
  const [isAdding, setAdding] = createSignal(false);
  const ticketId = (): never => props.ticketId as never;
  const change = createSubmit(async () => {
    await api['mail-intake'].addWatcher.mutate({ ticketId: ticketId(), address: address() });
    setAddress('');
    setAdding(false);
    await invalidateTopic('mail');
  });
  const then = async (work: Promise<unknown>): Promise<void> => {
    await work;
    await invalidateTopic('mail');
  };
  const may = (): boolean => can('mail-intake.choose-watchers');
  return (
    <Show when={mails.value()}>
      {(value) => (
        <section class="mt-6">
          <h2 class="flex items-baseline justify-between font-semibold">
            Read along
            <Show when={may()}>
              <button
                type="button"
                class="rounded-tag px-1 font-normal text-muted hover:text-text"
                aria-expanded={isAdding()}
                onClick={() => setAdding(!isAdding())}
              >
                Add
              </button>
            </Show>
          </h2>
          <Show when={isAdding()}>
            <form class="mt-2 flex gap-2" onSubmit={change.onSubmit}>
              <Input
                type="email"
                aria-label="Address"
                placeholder="name@company.example"
                class="min-w-0 flex-1"
                value={address()}
                onInput={(event) => setAddress(event.currentTarget.value)}
              />
              <Button type="submit" isBusy={change.isBusy()}>
                Add
              </Button>
            </form>
            <FormProblem problem={change.problem()} />
          </Show>
          <ul class="mt-2 flex flex-col gap-1">
            <For each={value().watchers} fallback={<li class="text-muted">Nobody but the contact.</li>}>
              {(watcher) => (
                <li class="flex min-h-6 items-center gap-1" title={`Added by ${watcher.addedBy}`}>
                  <span class="min-w-0 flex-1 truncate-line" classList={{ 'text-muted': !watcher.isMailed }}>
                    {watcher.name ?? watcher.address}
                  </span>
                  <Show when={!watcher.isMailed}>
                    <span class="shrink-0 text-[0.9375em] text-muted">was in Cc, gets nothing</span>
                  </Show>
                  <Show when={may() && !watcher.isMailed}>
                    <button
                      type="button"
                      class="shrink-0 rounded-tag px-1 text-muted hover:text-text"
                      aria-label={`Let ${watcher.address} read along`}
                      onClick={() =>
                        void then(
                          api['mail-intake'].addWatcher.mutate({ ticketId: ticketId(), address: watcher.address }),
                        )
                      }
                    >
                      Let
                    </button>
                  </Show>
                  <Show when={may()}>
                    <IconButton
                      icon={X}
                      label={`Take ${watcher.address} off`}
                      onClick={() =>
                        void then(
                          api['mail-intake'].removeWatcher.mutate({ ticketId: ticketId(), address: watcher.address }),
                        )
                      }
                    />
                  </Show>
                </li>
              )}
            </For>
          </ul>
          <For each={value().undeliverable}>
            {(one) => (
              <p class="mt-2 break-words text-critical-text">
                Mail does not reach {one.address}
                {one.diagnostic === null ? '. ' : `: ${one.diagnostic} `}
                <Show when={may()}>
                  <button
                    type="button"
                    class="underline"
                    onClick={() =>
                      void then(
                        api['mail-intake'].tryAddressAgain.mutate({ ticketId: ticketId(), address: one.address }),
                      )
                    }
                  >
                    Try again
                  </button>
                </Show>
              </p>
            )}
          </For>
        </section>
      )}
    </Show>
  );
}
