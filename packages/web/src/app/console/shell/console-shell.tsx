import { useLocation, useNavigate } from '@solidjs/router';
import { createQuery } from '@tanstack/solid-query';
import { Match, Show, Suspense, Switch, createEffect, createSignal, lazy, onCleanup } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { startLiveUpdates } from '#web/app/live/live-updates.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { SessionProvider } from '#web/app/session/session.tsx';
import type { Session } from '#web/app/session/session.tsx';
import { fetchSession } from '#web/app/session/session-source.ts';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { consoleFeatures } from '../console-features.ts';
import { isHelpOpen, isPaletteOpen, isRailOpen, setHelpOpen, setPaletteOpen, setRailOpen } from './overlays.ts';
import { Rail } from './rail.tsx';
import { ShellSkeleton } from './shell-skeleton.tsx';
import { TopBar } from './top-bar.tsx';

const CommandPalette = lazy(() =>
  import('#web/ui/command-palette/command-palette.tsx').then((module) => ({ default: module.CommandPalette })),
);
const ShortcutHelp = lazy(() =>
  import('#web/ui/shortcut-help/shortcut-help.tsx').then((module) => ({ default: module.ShortcutHelp })),
);

function Frame(props: { session: Session; children?: JSX.Element }): JSX.Element {
  const navigate = useNavigate();
  const scoped = useScopedHref();
  const location = useLocation();
  const go = (href: string): void => navigate(scoped(href), { resolve: false });
  // Once opened they stay, so that closing them can hand the focus back.
  const [wasPaletteOpen, setWasPaletteOpen] = createSignal(false);
  const [wasHelpOpen, setWasHelpOpen] = createSignal(false);
  createEffect(() => isPaletteOpen() && setWasPaletteOpen(true));
  createEffect(() => isHelpOpen() && setWasHelpOpen(true));
  createEffect(() => {
    void location.pathname;
    setRailOpen(false);
  });

  onCleanup(startLiveUpdates('/api/events'));
  registerActions(
    {
      id: 'app.open-palette',
      name: 'Search or do anything',
      group: 'General',
      shortcut: 'mod+k',
      isHiddenInPalette: true,
      run: () => setPaletteOpen(true),
    },
    {
      id: 'app.show-shortcuts',
      name: 'Show keyboard shortcuts',
      group: 'General',
      shortcut: '?',
      run: () => setHelpOpen(true),
    },
    ...consoleFeatures.flatMap((feature) => feature.createActions?.(go) ?? []),
  );

  return (
    <div class="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)] bg-canvas md:grid-cols-[var(--rail-width)_minmax(0,1fr)]">
      <a
        href="#content"
        target="_self"
        class="sr-only z-60 rounded-control bg-accent px-3 py-1 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <Rail isOpen={isRailOpen()} onClose={() => setRailOpen(false)} />
      <div class="flex min-h-0 flex-col">
        <TopBar />
        <main id="content" class="flex min-h-0 flex-1 flex-col overflow-auto bg-surface" tabindex="-1">
          {props.children}
        </main>
      </div>
      <Suspense>
        <Show when={wasPaletteOpen()}>
          <CommandPalette isOpen={isPaletteOpen()} onOpenChange={setPaletteOpen} go={go} features={consoleFeatures} />
        </Show>
        <Show when={wasHelpOpen()}>
          <ShortcutHelp isOpen={isHelpOpen()} onOpenChange={setHelpOpen} />
        </Show>
      </Suspense>
    </div>
  );
}

/** Rail, top bar and the screen between them, for a signed-in member of staff; others are led to the sign-in and back. */
export function ConsoleShell(props: { children?: JSX.Element }): JSX.Element {
  const navigate = useNavigate();
  const location = useLocation();
  const query = createQuery(() => ({
    queryKey: ['session', 'one', 'staff'],
    queryFn: ({ signal }) => fetchSession('staff', signal),
    throwOnError: false,
    staleTime: Infinity,
  }));
  createEffect(() => {
    if (query.isSuccess && query.data === null) {
      const next = `${location.pathname}${location.search}`;
      navigate(next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`, {
        replace: true,
        resolve: false,
      });
    }
  });
  return (
    <Switch fallback={<ShellSkeleton />}>
      <Match when={query.isError}>
        <main class="pt-[10vh]">
          <ErrorState
            problem={toProblem(query.error)}
            title="Bailiwick did not answer"
            onRetry={() => void query.refetch()}
          />
        </main>
      </Match>
      <Match when={query.isSuccess && query.data}>
        {(session) => (
          <SessionProvider session={session()}>
            <Frame session={session()}>{props.children}</Frame>
          </SessionProvider>
        )}
      </Match>
    </Switch>
  );
}
