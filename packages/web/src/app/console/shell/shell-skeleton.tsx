import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { Skeleton } from '#web/ui/skeleton/skeleton.tsx';

/** The shell's outline while the session is asked for. */
export function ShellSkeleton(): JSX.Element {
  return (
    <div
      class="grid h-dvh grid-cols-[minmax(0,1fr)] md:grid-cols-[var(--rail-width)_minmax(0,1fr)]"
      role="status"
      aria-label="Loading Bailiwick"
    >
      <div class="hidden flex-col gap-4 border-r border-line bg-rail p-4 md:flex">
        <Skeleton class="mb-3 h-5 w-24" />
        <For each={[14, 20, 16, 24, 18, 20]}>
          {(width) => <Skeleton class={`h-3 ${['w-14', 'w-20', 'w-16', 'w-24'][width % 4]}`} />}
        </For>
      </div>
      <div class="flex flex-col">
        <div class="flex h-(--top-bar) items-center border-b border-line px-4">
          <Skeleton class="h-5 w-40" />
        </div>
        <div class="flex-1 bg-surface" />
      </div>
    </div>
  );
}
