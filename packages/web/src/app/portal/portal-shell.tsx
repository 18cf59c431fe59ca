import { A, useLocation, useNavigate } from '@solidjs/router';
import { createQuery } from '@tanstack/solid-query';
import ChevronDown from 'lucide-solid/icons/chevron-down';
import LogOut from 'lucide-solid/icons/log-out';
import MenuIcon from 'lucide-solid/icons/menu';
import { For, Match, Switch, createEffect, createSignal, onCleanup } from 'solid-js';
import type { JSX } from 'solid-js';
import { appearance, changeAppearance } from '#web/app/appearance/appearance.ts';
import type { Theme } from '#web/app/appearance/appearance.ts';
import { startLiveUpdates } from '#web/app/live/live-updates.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { setDoorName } from '#web/app/routing/titled-screen.tsx';
import { leave } from '#web/app/session/leave.ts';
import { fetchSession } from '#web/app/session/session-source.ts';
import { SessionProvider, useSession } from '#web/app/session/session.tsx';
import type { Session } from '#web/app/session/session.tsx';
import { Avatar } from '#web/ui/avatar/avatar.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { Menu } from '#web/ui/menu/menu.tsx';
import { Skeleton } from '#web/ui/skeleton/skeleton.tsx';
import { applyBrand } from './brand.ts';
import { BrandMark } from './brand-mark.tsx';
import { portalNav } from './portal-navigation.ts';
import { LANGUAGES, language, showLanguage, t, toLanguage, type Language } from '#web/language/language.ts';
import { api } from '#web/app/api/api.ts';
import { queryClient } from '#web/app/query/query-client.ts';

/** At once on this page, and from now on wherever this contact signs in. */
async function chooseLanguage(chosen: Language): Promise<void> {
  await showLanguage(chosen);
  await api.identity.chooseLanguage.mutate({ language: chosen });
  await queryClient.invalidateQueries({ queryKey: ['session'] });
}

function PortalMenu(): JSX.Element {
  const { session } = useSession();
  return (
    <Menu
      placement="bottom-end"
      label={t('shell.yourMenu', { name: session().person.name })}
      triggerClass="transition-quick flex h-10 min-w-0 items-center gap-2.5 rounded-control px-2 text-muted hover:bg-hover hover:text-text"
      trigger={
        <>
          <Avatar name={session().person.name} size="large" isDecorative />
          {/* Seen by nobody, as they know it: the name of who helps them needs the room. */}
          <span class="sr-only">{session().client?.name}</span>
          <ChevronDown size={15} class="shrink-0" />
        </>
      }
      parts={[
        {
          heading: t('shell.theme'),
          options: [
            { value: 'system', label: t('shell.themeSystem') },
            { value: 'light', label: t('shell.themeLight') },
            { value: 'dark', label: t('shell.themeDark') },
          ],
          value: appearance().theme,
          choose: (theme) => changeAppearance({ theme: theme as Theme }),
        },
        {
          heading: t('shell.language'),
          options: LANGUAGES,
          value: language(),
          choose: (chosen) => void chooseLanguage(chosen as Language),
        },
        'separator',
        { label: t('shell.signOut'), icon: LogOut, run: () => void leave('/portal/sign-in') },
      ]}
    />
  );
}

function Places(props: { isOpen: boolean }): JSX.Element {
  const { can } = useSession();
  return (
    <nav
      aria-label={t('shell.main')}
      class="max-md:w-full max-md:basis-full md:block"
      classList={{ 'max-md:hidden': !props.isOpen }}
    >
      <ul class="flex gap-1 max-md:flex-col max-md:pb-3">
        <For each={portalNav(can)}>
          {(item) => (
            <li>
              <A
                href={item.href}
                end={item.href === '/'}
                class="transition-quick flex h-10 items-center rounded-control px-3 text-[0.9375rem] whitespace-nowrap lg:px-2.5"
                activeClass="font-semibold text-text"
                inactiveClass="text-muted hover:text-text"
              >
                {t(item.label)}
              </A>
            </li>
          )}
        </For>
      </ul>
    </nav>
  );
}

function Frame(props: { session: Session; children?: JSX.Element }): JSX.Element {
  const location = useLocation();
  const [isOpen, setOpen] = createSignal(false);
  // The portal goes without it where it does not come: the letter and the MSP's colour stand in.
  const brand = createQuery(() => ({
    queryKey: ['branding', 'one', 'portal'],
    queryFn: ({ signal }) => api.branding.getPortalBrand.query({}, { signal }),
    throwOnError: false,
    suspense: false,
    staleTime: Infinity,
  }));
  const logoHref = (): string | undefined => {
    const version = brand.isSuccess ? brand.data.logoVersion : null;
    return version === null ? undefined : `/api/v1/portal/brand/logo?v=${version}`;
  };
  createEffect(() => {
    void location.pathname;
    setOpen(false);
  });
  createEffect(() => {
    applyBrand((brand.isSuccess ? brand.data.accentHue : null) ?? props.session.msp.accentHue);
    setDoorName(props.session.msp.name);
    const chosen = toLanguage(props.session.person.language ?? undefined);
    if (chosen !== undefined) void showLanguage(chosen);
  });
  onCleanup(startLiveUpdates('/api/events'));
  return (
    <div class="flex min-h-dvh flex-col bg-canvas">
      <a
        href="#content"
        target="_self"
        class="sr-only z-60 rounded-control bg-accent px-3 py-1 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('shell.skip')}
      </a>
      <header class="border-b border-line bg-surface">
        <div class="mx-auto flex min-h-16 max-w-270 flex-wrap items-center gap-x-4 px-4 md:px-5 lg:flex-nowrap">
          <A
            href="/"
            class="flex min-h-16 min-w-0 items-center gap-2.5 rounded-control md:mr-2"
            activeClass=""
            inactiveClass=""
          >
            <BrandMark name={props.session.msp.name} logoHref={logoHref()} />
          </A>
          <span class="order-last contents md:order-none">
            <Places isOpen={isOpen()} />
          </span>
          <span class="ml-auto flex min-w-0 items-center gap-1">
            <PortalMenu />
            <IconButton
              icon={MenuIcon}
              label={t('shell.menu')}
              class="md:hidden"
              isExpanded={isOpen()}
              onClick={() => setOpen((open) => !open)}
            />
          </span>
        </div>
      </header>
      <main id="content" class="mx-auto w-full max-w-270 flex-1 px-4 py-6 md:px-5" tabindex="-1">
        {props.children}
      </main>
    </div>
  );
}

/** Head, places and the screen below, for a signed-in contact; others are led to the sign-in and back. */
export function PortalShell(props: { children?: JSX.Element }): JSX.Element {
  const navigate = useNavigate();
  const location = useLocation();
  const query = createQuery(() => ({
    queryKey: ['session', 'one', 'client'],
    queryFn: ({ signal }) => fetchSession('client', signal),
    throwOnError: false,
    staleTime: Infinity,
  }));
  createEffect(() => {
    if (query.isSuccess && query.data === null) {
      const next = `${location.pathname}${location.search}`;
      navigate(/^\/portal\/?$/.test(next) ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`, {
        replace: true,
      });
    }
  });
  return (
    <Switch
      fallback={
        <div class="mx-auto flex max-w-270 flex-col gap-8 p-5" role="status" aria-label={t('shell.loading')}>
          <Skeleton class="h-6 w-40" />
          <Skeleton class="h-8 w-72 max-w-full" />
          <Skeleton class="h-40 w-full" />
        </div>
      }
    >
      <Match when={query.isError}>
        <main class="pt-[10vh]">
          <ErrorState
            problem={toProblem(query.error)}
            title={t('shell.noAnswer')}
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
