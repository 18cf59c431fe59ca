import { A } from '@solidjs/router';
import Check from 'lucide-solid/icons/check';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';

/** What a desk needs before its first ticket, with what of it is there; nothing once all is. For whoever may set it up. */
export function FirstSteps(): JSX.Element {
  const { can } = useSession();
  return (
    <Show when={can('mail-inbox.manage-mailboxes') && can('sla.manage-rules')}>
      <Steps />
    </Show>
  );
}

function Steps(): JSX.Element {
  const scoped = useScopedHref();
  const mailboxes = createStep('mailbox', (signal) => api['mail-inbox'].listMailboxes.query({}, { signal }));
  const policies = createStep('sla-policy', (signal) => api.sla.listPolicies.query({}, { signal }));
  const teams = createStep('team', (signal) => api.teams.listTeams.query({}, { signal }));
  const forms = createStep('request-form', (signal) => api['request-forms'].listForms.query({}, { signal }));
  const steps = [
    {
      list: mailboxes,
      title: 'Connect a mailbox',
      text: 'Mails to your support address become tickets, and answers go out from it.',
      href: '/settings?tab=mailboxes',
    },
    {
      list: policies,
      title: 'Say when you work, and what you promise',
      text: 'Business hours and an SLA policy: one button makes both to begin with.',
      href: '/settings?tab=sla',
    },
    {
      list: teams,
      title: 'Put your people into teams',
      text: 'New tickets find a team, and the team finds somebody.',
      href: '/settings?tab=teams',
    },
    {
      list: forms,
      title: 'Make a form for the portal',
      text: 'A new colleague, an order: clients are asked for what you need to know.',
      href: '/settings?tab=forms',
    },
  ];
  const isKnown = (): boolean => steps.every(({ list }) => !list.isLoading() && list.problem() === undefined);
  const isMissing = (): boolean => steps.some(({ list }) => list.items().length === 0);
  return (
    <Show when={isKnown() && isMissing()}>
      <section aria-label="Set up the desk">
        <h2 class="pb-1.5 font-semibold">Set up the desk</h2>
        <ul class="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface">
          <For each={steps}>
            {({ list, title, text, href }) => (
              <li>
                <A class="flex items-start gap-3 px-4 py-2.5 hover:bg-hover" href={scoped(href)}>
                  <span class="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-strong">
                    <Show when={list.items().length > 0}>
                      <Check size={12} class="text-ok" aria-label="Done" />
                    </Show>
                  </span>
                  <span class="min-w-0">
                    <span class="block font-medium">{title}</span>
                    <span class="block text-muted">{text}</span>
                  </span>
                </A>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}

function createStep(
  topic: string,
  fetch: (signal: AbortSignal) => Promise<{ readonly items: readonly { readonly id: string }[] }>,
) {
  return createListQuery<{ readonly id: string }>({
    key: () => [topic, 'list', 'first-steps'],
    fetchPage: async (_cursor, signal) => ({ items: [...(await fetch(signal)).items], nextCursor: null }),
  });
}
