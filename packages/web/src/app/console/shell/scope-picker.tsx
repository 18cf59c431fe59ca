import { Dialog } from '@kobalte/core/dialog';
import Check from 'lucide-solid/icons/check';
import { For, Show, createEffect, createMemo, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { findClients } from '#web/app/scope/client-source.ts';
import { useChangeScope, useScope } from '#web/app/scope/scope.ts';
import type { ViewScope } from '#web/app/scope/scope.ts';
import { ClientDot } from '#web/ui/client-dot/client-dot.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';

interface Choice {
  readonly key: string;
  readonly name: string;
  readonly scope: Partial<ViewScope>;
  readonly kind: 'all' | 'client';
}

function createChoices(text: () => string) {
  const clients = createRecordQuery({
    key: () => ['tenancy.client', 'list', 'scope', text()],
    fetch: () => findClients(text().trim()),
  });
  const choices = createMemo<readonly Choice[]>(() => {
    const wanted = text().trim();
    return [
      ...(wanted === '' ? [{ key: 'all', name: 'All clients', scope: {}, kind: 'all' } as const] : []),
      ...(clients.value() ?? []).map(
        ({ id, name }) => ({ key: id, name, scope: { clientId: id }, kind: 'client' }) as const,
      ),
    ];
  });
  return { choices, clients };
}

/** A list of all clients to type into. */
export function ScopePicker(props: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }): JSX.Element {
  const [text, setText] = createSignal('');
  const [active, setActive] = createSignal(0);
  const { choices, clients } = createChoices(text);
  const scope = useScope();
  const change = useChangeScope();
  createEffect(() => {
    if (props.isOpen) setText('');
  });
  createEffect(() => {
    text();
    setActive(0);
  });
  const choose = (choice: Choice | undefined): void => {
    if (choice === undefined) return;
    props.onOpenChange(false);
    change(choice.scope);
  };
  const isCurrent = (choice: Choice): boolean => choice.key === (scope.clientId ?? scope.groupId ?? 'all');
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive((index) => (index + step + choices().length) % Math.max(choices().length, 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(choices()[active()]);
    }
  };
  return (
    <Dialog open={props.isOpen} onOpenChange={props.onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay class="fixed inset-0 z-50" />
        <div class="fixed top-11 left-2 z-50 w-80 max-w-[calc(100vw-1rem)] md:left-[calc(var(--rail-width)+1rem)]">
          <Dialog.Content
            data-modal=""
            aria-label="Switch client"
            class="flex max-h-[70vh] appear flex-col overflow-hidden rounded-card bg-raised shadow-menu outline-none"
          >
            <input
              class="h-10 shrink-0 border-b border-line bg-transparent px-3 outline-none"
              placeholder="Find a client"
              aria-label="Find a client"
              role="combobox"
              aria-expanded="true"
              aria-controls="scope-list"
              aria-activedescendant={`scope-${active()}`}
              autocomplete="off"
              value={text()}
              onInput={(event) => setText(event.currentTarget.value)}
              onKeyDown={onKeyDown}
            />
            <ul id="scope-list" role="listbox" aria-label="Clients" class="min-h-0 overflow-y-auto p-1">
              <For each={choices()}>
                {(choice, index) => (
                  <li
                    id={`scope-${index()}`}
                    role="option"
                    aria-selected={index() === active()}
                    class="flex h-8 cursor-default items-center gap-2 rounded-tag px-2 aria-selected:bg-selected"
                    onPointerMove={() => setActive(index())}
                    onClick={() => choose(choice)}
                  >
                    <Show
                      when={choice.kind === 'client'}
                      fallback={<span class="truncate-line font-medium">{choice.name}</span>}
                    >
                      <ClientDot id={choice.key} name={choice.name} />
                    </Show>
                    <Show when={isCurrent(choice)}>
                      <Check size={14} class="ml-auto shrink-0 text-accent-text" aria-label="now" />
                    </Show>
                  </li>
                )}
              </For>
            </ul>
            <Show when={clients.isLoading()}>
              <div class="p-3">
                <SkeletonText />
              </div>
            </Show>
            <Show when={clients.problem()}>
              {(problem) => (
                <ErrorState title="Clients could not be loaded" problem={problem()} onRetry={clients.retry} />
              )}
            </Show>
            <Show when={clients.value()?.length === 0 && text() !== ''}>
              <p class="px-3 pb-3 text-muted">No client is called “{text()}”.</p>
            </Show>
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog>
  );
}
