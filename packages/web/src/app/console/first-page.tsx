import { Navigate } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { navGroups } from './navigation.ts';

/** The bare address leads to the first screen that the person may use. */
export function FirstPage(): JSX.Element {
  const { can } = useSession();
  const scoped = useScopedHref();
  const first = (): string | undefined => navGroups(can)[0]?.items[0]?.href;
  return (
    <Show
      when={first()}
      fallback={
        <EmptyState title="Nothing is open to you yet">
          Your sign-in works, but it holds no permission. Ask an administrator of your MSP.
        </EmptyState>
      }
    >
      {(href) => <Navigate href={scoped(href())} />}
    </Show>
  );
}
