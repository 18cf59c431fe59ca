import { ErrorBoundary, Suspense, createEffect, createSignal, onCleanup } from 'solid-js';
import type { Component, JSX } from 'solid-js';
import { ScreenError } from '#web/app/pages/screen-error.tsx';
import { Skeleton } from '#web/ui/skeleton/skeleton.tsx';

const [ownTitle, setOwnTitle] = createSignal<string>();
const [doorName, setDoorName] = createSignal('Bailiwick');

/** The last part of every title: the product in the console, the MSP's name in the portal. */
export { setDoorName };

/** Puts the name of what a screen shows into the browser's tab: `createTitle(() => ticket()?.subject)`. */
export function createTitle(title: () => string | undefined): void {
  createEffect(() => setOwnTitle(title()));
  onCleanup(() => setOwnTitle(undefined));
}

function ScreenSkeleton(): JSX.Element {
  return (
    <div class="flex flex-col gap-4 p-4" role="status" aria-label="Loading the screen">
      <Skeleton class="h-5 w-48" />
      <Skeleton class="h-3 w-full max-w-180" />
      <Skeleton class="h-3 w-full max-w-150" />
      <Skeleton class="h-3 w-full max-w-165" />
    </div>
  );
}

/** A screen with its title, its skeleton while the chunk loads, and its own error boundary, so that the shell stays usable. */
export function TitledScreen(props: { title: string; component: Component }): JSX.Element {
  createEffect(() => {
    document.title = [ownTitle() ?? props.title, doorName()].join(' · ');
  });
  const Screen = props.component;
  return (
    <ErrorBoundary fallback={(error, reset) => <ScreenError error={error} reset={reset} />}>
      <Suspense fallback={<ScreenSkeleton />}>
        <Screen />
      </Suspense>
    </ErrorBoundary>
  );
}
