import { A } from '@solidjs/router';
import { For, Show, Suspense, lazy } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import type { NavItem } from '#web/app/routing/feature.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { useNavigate } from '@solidjs/router';
import { navGroups } from '../navigation.ts';

// Menus are half of what the first page would load, and nobody's first press is this one.
const UserMenu = lazy(() => import('./user-menu.tsx').then((module) => ({ default: module.UserMenu })));

function RailLink(props: { item: NavItem }): JSX.Element {
  const scoped = useScopedHref();
  const navigate = useNavigate();
  const count = props.item.createCount?.();
  registerActions({
    id: `go.${props.item.href}`,
    name: `Go to ${props.item.label}`,
    group: 'Go to',
    shortcut: props.item.shortcut,
    run: () => navigate(scoped(props.item.href), { resolve: false }),
  });
  return (
    <li>
      <A
        href={scoped(props.item.href)}
        class="transition-quick group flex h-7.5 items-center gap-2.5 rounded-control px-2"
        activeClass="bg-selected font-medium text-accent-text"
        inactiveClass="text-muted hover:bg-hover hover:text-text"
      >
        <Show when={props.item.icon}>{(icon) => icon()({ size: 15, class: 'shrink-0' })}</Show>
        <span class="truncate-line flex-1">{props.item.label}</span>
        <Show when={count?.()}>
          {(waiting) => (
            <span class="text-[0.75rem] font-medium text-muted tabular-nums group-[.font-medium]:text-accent-text">
              {waiting().toLocaleString()}
            </span>
          )}
        </Show>
      </A>
    </li>
  );
}

/** Where everything is. A column on wide screens, a drawer on narrow ones. */
export function Rail(props: { isOpen: boolean; onClose: () => void }): JSX.Element {
  const { can, session } = useSession();
  return (
    <>
      <Show when={props.isOpen}>
        <div class="fixed inset-0 z-40 bg-overlay md:hidden" onClick={() => props.onClose()} />
      </Show>
      <nav
        aria-label="Main"
        class="z-40 w-(--rail-width) flex-col overflow-y-auto border-r border-line bg-rail px-2 pt-3 pb-2 max-md:fixed max-md:inset-y-0 max-md:left-0 max-md:slide-in max-md:shadow-dialog md:flex"
        classList={{ 'max-md:flex': props.isOpen, 'max-md:hidden': !props.isOpen }}
        onKeyDown={(event) => event.key === 'Escape' && props.onClose()}
      >
        <div class="mb-3 flex h-6 items-center gap-2.5 px-2">
          <span
            class="flex size-5 items-center justify-center rounded-[5px] bg-accent text-small font-bold text-on-accent"
            aria-hidden="true"
          >
            {session().msp.name.slice(0, 1)}
          </span>
          <span class="truncate-line font-semibold" title={session().msp.name}>
            {session().msp.name}
          </span>
        </div>
        <For each={navGroups(can)}>
          {(group) => (
            <section class="mb-3" aria-label={group.heading}>
              <Show when={group.heading}>
                {(heading) => <h2 class="px-2 pt-1 pb-1.5 text-[0.75rem] text-faint">{heading()}</h2>}
              </Show>
              <ul class="flex flex-col">
                <For each={group.items}>{(item) => <RailLink item={item} />}</For>
              </ul>
            </section>
          )}
        </For>
        <div class="mt-auto pt-2">
          <Suspense fallback={<div class="h-9" />}>
            <UserMenu />
          </Suspense>
        </div>
      </nav>
    </>
  );
}
