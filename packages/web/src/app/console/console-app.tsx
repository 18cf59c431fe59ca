import { Route, Router } from '@solidjs/router';
import { QueryClientProvider } from '@tanstack/solid-query';
import { For, Show, lazy } from 'solid-js';
import type { JSX } from 'solid-js';
import { createKeyboard } from '#web/app/actions/keyboard.ts';
import { queryClient } from '#web/app/query/query-client.ts';
import { screen } from '#web/app/routing/screen.ts';
import { TitledScreen } from '#web/app/routing/titled-screen.tsx';
import { ToastRegion } from '#web/ui/toast/toast-region.tsx';
import { consoleFeatures } from './console-features.ts';
import { ConsoleShell } from './shell/console-shell.tsx';

const SignIn = screen(() => import('#web/app/auth/sign-in.tsx'), 'SignIn');
const SetUp = screen(() => import('#web/app/auth/set-up.tsx'), 'SetUp');
const AcceptInvitation = screen(() => import('#web/app/auth/accept-invitation.tsx'), 'AcceptInvitation');
const SecondFactor = screen(() => import('#web/app/auth/second-factor-screen.tsx'), 'SecondFactorScreen');
const ChooseMembership = screen(() => import('#web/app/auth/choose-membership.tsx'), 'ChooseMembership');
const NotFound = screen(() => import('#web/app/pages/not-found.tsx'), 'NotFound');
const FirstPage = lazy(() => import('./first-page.tsx').then((module) => ({ default: module.FirstPage })));
const Catalogue = screen(() => import('#web/catalogue/catalogue.tsx'), 'Catalogue');

function Root(props: { children?: JSX.Element }): JSX.Element {
  createKeyboard();
  return (
    <QueryClientProvider client={queryClient}>
      {props.children}
      <ToastRegion />
    </QueryClientProvider>
  );
}

/** The console: everything outside of /portal. */
export function ConsoleApp(): JSX.Element {
  return (
    <Router root={Root}>
      <Route path="/sign-in" component={SignIn} />
      <Route path="/setup" component={SetUp} />
      <Route path="/accept-invitation" component={AcceptInvitation} />
      <Route path="/second-factor" component={SecondFactor} />
      <Route path="/choose-membership" component={ChooseMembership} />
      <Show when={import.meta.env.DEV}>
        <Route path="/ui" component={Catalogue} />
      </Show>
      <Route path="/" component={ConsoleShell}>
        <Route path="/" component={FirstPage} />
        <For each={consoleFeatures.flatMap((feature) => feature.routes)}>
          {(route) => (
            <Route
              path={route.path}
              component={() => <TitledScreen title={route.title} component={route.component} />}
            />
          )}
        </For>
        <Route path="*" component={NotFound} />
      </Route>
    </Router>
  );
}
