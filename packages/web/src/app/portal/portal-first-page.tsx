import { Navigate } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { useSession } from '#web/app/session/session.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { portalNav } from './portal-navigation.ts';
import { t } from '#web/language/language.ts';

/** The portal's bare address leads to its first place: home. */
export function PortalFirstPage(): JSX.Element {
  const { can, session } = useSession();
  return (
    <Show
      when={portalNav(can)[0]?.href}
      fallback={
        <EmptyState title={t('shell.nothingHere')}>{t('shell.nothingOpened', { msp: session().msp.name })}</EmptyState>
      }
    >
      {(href) => <Navigate href={href()} />}
    </Show>
  );
}
