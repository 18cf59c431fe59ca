import { Route, Router } from '@solidjs/router';
import { QueryClientProvider } from '@tanstack/solid-query';
import { For, lazy } from 'solid-js';
import type { JSX } from 'solid-js';
import { createKeyboard } from '#web/app/actions/keyboard.ts';
import { queryClient } from '#web/app/query/query-client.ts';
import { screen } from '#web/app/routing/screen.ts';
import { TitledScreen } from '#web/app/routing/titled-screen.tsx';
import { ToastRegion } from '#web/ui/toast/toast-region.tsx';
import { portalFeatures } from './portal-features.ts';
import { PortalShell } from './portal-shell.tsx';
import { t } from '#web/language/language.ts';

const PortalSignIn = screen(() => import('#web/app/auth/portal-sign-in.tsx'), 'PortalSignIn');
const PortalEnter = screen(() => import('#web/app/auth/portal-enter.tsx'), 'PortalEnter');
const NotFound = screen(() => import('#web/app/pages/not-found.tsx'), 'NotFound');
const FirstPage = lazy(() => import('./portal-first-page.tsx').then((module) => ({ default: module.PortalFirstPage })));

function Root(props: { children?: JSX.Element }): JSX.Element {
  createKeyboard();
  return (
    <QueryClientProvider client={queryClient}>
      {props.children}
      <ToastRegion />
    </QueryClientProvider>
  );
}

/** The portal: everything under /portal, for contacts of clients. Paths inside are written without /portal. */
export function PortalApp(): JSX.Element {
  return (
    <Router root={Root} base="/portal">
      <Route path="/sign-in" component={PortalSignIn} />
      <Route path="/enter" component={PortalEnter} />
      <Route path="/" component={PortalShell}>
        <Route path="/" component={FirstPage} />
        <For each={portalFeatures.flatMap((feature) => feature.routes)}>
          {(route) => (
            <Route
              path={route.path}
              component={() => <TitledScreen title={t(route.title)} component={route.component} />}
            />
          )}
        </For>
        <Route path="*" component={NotFound} />
      </Route>
    </Router>
  );
}
