import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { StateMark, type State } from '#web/ui/status-pill/status-pill.tsx';
import type { Install } from './patch-words.ts';

const OUTCOMES: Readonly<Record<string, { word: string; state: State }>> = {
  installed: { word: 'installed', state: 'ok' },
  unchanged: { word: 'was there already', state: 'ok' },
  failed: { word: 'failed', state: 'critical' },
  'not-found': { word: 'no longer offered', state: 'warning' },
  waiting: { word: 'waits', state: 'info' },
};

/** What came of each package, read by the machine from its package manager afterwards. */
export function PackageResults(props: { packages: Install['packages'] }): JSX.Element {
  return (
    <ul class="flex flex-col gap-2">
      <For each={props.packages}>
        {(item) => (
          <li class="flex items-baseline gap-2">
            <StateMark state={OUTCOMES[item.outcome]?.state ?? 'unknown'} />
            <div class="min-w-0 flex-1">
              <div class="flex flex-wrap justify-between gap-x-3">
                <span class="font-medium break-all">{item.name}</span>
                <span class="text-muted">{OUTCOMES[item.outcome]?.word ?? 'nobody knows'}</span>
              </div>
              <div class="font-mono text-[0.9375em] break-all text-muted">{item.versionAfter ?? item.version}</div>
              <Show when={item.message}>{(message) => <p class="text-critical-text">{message()}</p>}</Show>
            </div>
          </li>
        )}
      </For>
    </ul>
  );
}
