import Ellipsis from 'lucide-solid/icons/ellipsis';
import Keyboard from 'lucide-solid/icons/keyboard';
import LogOut from 'lucide-solid/icons/log-out';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { appearance, changeAppearance } from '#web/app/appearance/appearance.ts';
import type { Density, Theme } from '#web/app/appearance/appearance.ts';
import { DENSITIES, THEMES } from '#web/app/appearance/themes.ts';
import { leave } from '#web/app/session/leave.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Avatar } from '#web/ui/avatar/avatar.tsx';
import { Menu } from '#web/ui/menu/menu.tsx';
import { setHelpOpen } from './overlays.ts';

/** The person, how the console looks to them, and the way out. */
export function UserMenu(): JSX.Element {
  const { session } = useSession();
  registerActions(
    ...THEMES.map(({ value, label }) => ({
      id: `app.theme-${value}`,
      name: `Theme: ${label.toLowerCase()}`,
      group: 'General',
      run: () => changeAppearance({ theme: value }),
    })),
    ...DENSITIES.map(({ value, label }) => ({
      id: `app.density-${value}`,
      name: `Density: ${label.toLowerCase()}`,
      group: 'General',
      run: () => changeAppearance({ density: value }),
    })),
    { id: 'app.sign-out', name: 'Sign out', group: 'General', run: () => void leave('/sign-in') },
  );
  return (
    <Menu
      placement="top-start"
      label="Your menu"
      triggerClass="transition-quick flex h-9 w-full items-center gap-2.5 rounded-control px-2 text-left text-muted hover:bg-hover hover:text-text data-[expanded]:bg-hover"
      trigger={
        <>
          <Avatar name={session().person.name} isDecorative />
          <span class="truncate-line flex-1">{session().person.name}</span>
          <Ellipsis size={15} />
        </>
      }
      parts={[
        {
          heading: 'Theme',
          options: THEMES,
          value: appearance().theme,
          choose: (theme) => changeAppearance({ theme: theme as Theme }),
        },
        'separator',
        {
          heading: 'Density',
          options: DENSITIES,
          value: appearance().density,
          choose: (density) => changeAppearance({ density: density as Density }),
        },
        'separator',
        { label: 'Keyboard shortcuts', icon: Keyboard, shortcut: '?', run: () => setHelpOpen(true) },
        { label: 'Sign out', icon: LogOut, run: () => void leave('/sign-in') },
      ]}
    />
  );
}
