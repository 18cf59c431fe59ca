import MenuIcon from 'lucide-solid/icons/menu';
import Search from 'lucide-solid/icons/search';
import { For, Show, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';
import { useScope } from '#web/app/scope/scope.ts';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { stableHue } from '#web/ui/client-dot/stable-hue.ts';
import { Kbd } from '#web/ui/kbd/kbd.tsx';
import { LivePill } from './live-pill.tsx';
import { setPaletteOpen, setRailOpen } from './overlays.ts';
import { ScopeSwitch } from './scope-switch.tsx';
import { topBarItems } from './top-bar-items.ts';

/** Scope, search, what runs, whether the page is live. Its lower edge takes the client's colour inside one client. */
export function TopBar(): JSX.Element {
  const scope = useScope();
  return (
    <header class="relative flex h-(--top-bar) shrink-0 items-center gap-2.5 border-b border-line bg-surface px-4 max-md:px-2">
      <IconButton icon={MenuIcon} label="Menu" class="md:hidden" onClick={() => setRailOpen(true)} />
      <ScopeSwitch />
      <button
        type="button"
        class="transition-quick flex h-7.5 w-105 min-w-0 shrink items-center gap-2 rounded-control border border-line bg-sunken px-2.5 text-left text-faint hover:border-line-strong max-md:w-auto"
        aria-keyshortcuts="Control+K"
        onClick={() => setPaletteOpen(true)}
      >
        <Search size={14} class="shrink-0" />
        <span class="truncate-line flex-1 max-md:sr-only">Search or do anything</span>
        <Kbd keys="mod+k" />
      </button>
      <div class="ml-auto flex items-center gap-2">
        <For each={topBarItems()}>
          {(item) => (
            <Suspense>
              <item.component />
            </Suspense>
          )}
        </For>
        <LivePill />
      </div>
      <Show when={scope.clientId}>
        {(id) => (
          <span
            class="absolute inset-x-0 -bottom-px h-0.5 bg-[light-dark(oklch(0.62_0.13_var(--hue)),oklch(0.72_0.12_var(--hue)))]"
            style={{ '--hue': stableHue(id()) }}
            aria-hidden="true"
          />
        )}
      </Show>
    </header>
  );
}
