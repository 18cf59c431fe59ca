import { Navigate } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { useSession } from '#web/app/session/session.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { portalNav } from './portal-navigation.ts';

/** The portal's bare address leads to its first place: home. */
export function PortalFirstPage(): JSX.Element {
  const { can, session } = useSession();
  return (
    <Show
      when={portalNav(can)[0]?.href}
      fallback={
        <EmptyState title="Nothing is here for you yet">
          {session().msp.name} has not opened anything in this portal for you.
        </EmptyState>
      }
    >
      {(href) => <Navigate href={href()} />}
    </Show>
  );
}
