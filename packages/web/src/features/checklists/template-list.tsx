import ListChecks from 'lucide-solid/icons/list-checks';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { EditTemplate, type Template } from './edit-template.tsx';

/** The MSP's checklist templates. */
export function TemplateList(): JSX.Element {
  const { can } = useSession();
  const [editing, setEditing] = createSignal<Template | 'new'>();
  const templates = createRecordQuery({
    key: () => ['checklist-template', 'list'],
    fetch: (signal) => api['ticket-checklists'].listTemplates.query({}, { signal }),
  });
  const mayManage = (): boolean => can('ticket-checklists.manage-templates');
  const add = () => (
    <Show when={mayManage()}>
      <Button kind="primary" onClick={() => setEditing('new')}>
        New checklist
      </Button>
    </Show>
  );
  return (
    <>
      <ScreenHead title="Checklists" actions={add()} />
      <div class="min-h-0 flex-1 overflow-y-auto" tabindex="0" role="region" aria-label="Checklist templates">
        <Show when={templates.problem()}>
          {(problem) => (
            <ErrorState title="Checklists could not be loaded" problem={problem()} onRetry={templates.retry} />
          )}
        </Show>
        <Show when={templates.isLoading()}>
          <div class="p-6">
            <SkeletonText lines={6} />
          </div>
        </Show>
        <Show when={templates.value()?.items.length === 0}>
          <EmptyState icon={ListChecks} title="No checklists yet" action={add()}>
            A checklist says what is to be done on tickets of a kind: a joiner, a leaver, a new server. What is required
            keeps a ticket from being resolved too soon.
          </EmptyState>
        </Show>
        <ul class="mx-auto w-full max-w-220 px-4 py-4">
          <For each={templates.value()?.items ?? []}>
            {(template) => (
              <li class="mb-3 rounded-card border border-line px-4 py-3">
                <div class="flex flex-wrap items-center gap-2">
                  <h2 class="font-semibold">{template.name}</h2>
                  <Show when={!template.isActive}>
                    <StatusPill state="neutral">Out of use</StatusPill>
                  </Show>
                  <span class="text-muted">
                    {template.isAutomatic ? 'comes to every' : 'for any'} {template.ticketType ?? 'ticket'}
                    {template.isAutomatic ? ' as it is opened' : ', by hand'}
                  </span>
                  <Show when={mayManage()}>
                    <Button class="ml-auto" size="small" onClick={() => setEditing(template)}>
                      Change<span class="sr-only"> {template.name}</span>
                    </Button>
                  </Show>
                </div>
                <ol class="mt-2 list-decimal pl-5">
                  <For each={template.items}>
                    {(item) => (
                      <li>
                        {item.title}
                        <span class="text-muted">
                          {item.isRequired ? ', required' : ''}
                          {item.role === '' ? '' : `, ${item.role}`}
                        </span>
                      </li>
                    )}
                  </For>
                </ol>
              </li>
            )}
          </For>
        </ul>
      </div>
      <EditTemplate template={editing()} onClose={() => setEditing(undefined)} />
    </>
  );
}
