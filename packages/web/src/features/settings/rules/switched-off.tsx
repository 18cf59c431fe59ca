import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { createRules } from './rule-source.ts';

/** Rules that loop protection switched off: somebody has to look at them. Nothing where there are none. */
export function SwitchedOffRules(): JSX.Element {
  const scoped = useScopedHref();
  const rules = createRules();
  const off = () => (rules.value() ?? []).filter((rule) => rule.offReason !== null);
  return (
    <Show when={off().length > 0}>
      <section aria-label="Rules that were switched off">
        <h2 class="pb-1.5 font-semibold">Rules that were switched off</h2>
        <ul class="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface">
          <For each={off()}>
            {(rule) => (
              <li>
                <A class="block px-4 py-2.5 hover:bg-hover" href={scoped(`/settings?tab=rules&rule=${rule.id}`)}>
                  <span class="font-medium">{rule.name}</span>
                  <span class="block text-muted">{rule.offReason}</span>
                </A>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
