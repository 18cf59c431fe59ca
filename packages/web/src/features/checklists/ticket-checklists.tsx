import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { inferRouterOutputs } from '@trpc/server';
import { api } from '#web/app/api/api.ts';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { Menu } from '#web/ui/menu/menu.tsx';
import { ProgressBar } from '#web/ui/progress-bar/progress-bar.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { showProblem } from '#web/ui/toast/toast-store.ts';

type List = inferRouterOutputs<AppRouter>['ticket-checklists']['listTicketChecklists']['items'][number];
type Item = List['items'][number];

/** The checklists of a ticket, to be ticked off, and the way to add one. Draws nothing where there is nothing to see or to add. */
export function TicketChecklists(props: { ticketId: string; ticketType: string }): JSX.Element {
  const { can } = useSession();
  const lists = createRecordQuery({
    key: () => ['checklist', 'list', 'ticket', props.ticketId],
    fetch: (signal) =>
      api['ticket-checklists'].listTicketChecklists.query({ ticketId: props.ticketId as never }, { signal }),
    isEnabled: () => can('ticket-checklists.read-checklists'),
  });
  const templates = createRecordQuery({
    key: () => ['checklist-template', 'list'],
    fetch: (signal) => api['ticket-checklists'].listTemplates.query({}, { signal }),
    isEnabled: () => can('ticket-checklists.use-checklists'),
  });
  const mayUse = (): boolean => can('ticket-checklists.use-checklists');
  const toAdd = () =>
    (templates.value()?.items ?? []).filter(
      (template) =>
        template.isActive &&
        (template.ticketType === null || template.ticketType === props.ticketType) &&
        !(lists.value()?.items ?? []).some(({ templateId }) => templateId === template.id),
    );
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      showProblem('That did not work', toProblem(error).message);
    }
    await invalidateTopic('checklist');
  };
  return (
    <Show when={(lists.value()?.items.length ?? 0) > 0 || (mayUse() && toAdd().length > 0)}>
      <section class="mt-6">
        <div class="flex items-baseline justify-between gap-2">
          <h2 class="font-semibold">Checklists</h2>
          <Show when={mayUse() && toAdd().length > 0}>
            <Menu
              label="Checklist"
              placement="bottom-end"
              triggerClass="rounded-tag px-1 text-muted hover:text-text"
              trigger="Add"
              parts={toAdd().map((template) => ({
                label: template.name,
                run: () =>
                  void run(() =>
                    api['ticket-checklists'].applyChecklist.mutate({
                      ticketId: props.ticketId as never,
                      templateId: template.id,
                    }),
                  ),
              }))}
            />
          </Show>
        </div>
        <For each={lists.value()?.items ?? []}>
          {(list) => (
            <div class="mt-2">
              <div class="flex items-center justify-between gap-2">
                <h3 class="font-medium">{list.name}</h3>
                <span class="flex items-center gap-1 text-[0.9375em] text-muted tabular-nums">
                  {doneOf(list)} of {list.items.length}
                  <Show when={mayUse()}>
                    <IconButton
                      icon={X}
                      label={`Take the checklist ${list.name} off`}
                      onClick={() =>
                        void run(() => api['ticket-checklists'].removeChecklist.mutate({ checklistId: list.id }))
                      }
                    />
                  </Show>
                </span>
              </div>
              <ProgressBar
                share={doneOf(list) / Math.max(1, list.items.length)}
                text={`${doneOf(list)} of ${list.items.length} items of ${list.name} done`}
              />
              <ul class="mt-1">
                <For each={list.items}>
                  {(item) => (
                    <li>
                      <Checkbox
                        label={item.isRequired ? `${item.title} (required)` : item.title}
                        isChecked={item.doneAt !== null}
                        isDisabled={!mayUse()}
                        onChange={(isDone) =>
                          void run(() =>
                            api['ticket-checklists'].tickItem.mutate({
                              itemId: item.id,
                              version: item.version,
                              isDone,
                            }),
                          )
                        }
                      />
                      <ItemFoot item={item} />
                    </li>
                  )}
                </For>
              </ul>
            </div>
          )}
        </For>
      </section>
    </Show>
  );
}

function ItemFoot(props: { item: Item }): JSX.Element {
  const isLate = (): boolean =>
    props.item.doneAt === null &&
    props.item.dueAt !== null &&
    Temporal.Instant.compare(props.item.dueAt, Temporal.Now.instant()) < 0;
  return (
    <Show when={props.item.doneAt !== null || props.item.role !== '' || props.item.dueAt !== null}>
      <div class="mb-1 ml-6 text-[0.9375em] text-muted">
        <Show
          when={props.item.doneAt}
          fallback={
            <>
              {props.item.role}
              <Show when={props.item.dueAt}>
                {(due) => (
                  <span class={isLate() ? 'text-warning-text' : ''}>
                    {props.item.role === '' ? '' : ', '}
                    {isLate() ? 'was due ' : 'due '}
                    <RelativeTime iso={due()} />
                  </span>
                )}
              </Show>
            </>
          }
        >
          {(at) => (
            <>
              {props.item.doneBy}, <RelativeTime iso={at()} />
            </>
          )}
        </Show>
      </div>
    </Show>
  );
}

function doneOf(list: List): number {
  return list.items.filter(({ doneAt }) => doneAt !== null).length;
}
