import { useLocation } from '@solidjs/router';
import Compass from 'lucide-solid/icons/compass';
import type { JSX } from 'solid-js';
import { buttonClass } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';

/** No screen has this address. */
export function NotFound(): JSX.Element {
  const location = useLocation();
  return (
    <main class="pt-[12vh]">
      <EmptyState
        icon={Compass}
        title="There is nothing at this address"
        action={
          <a href="/" class={buttonClass({ kind: 'primary' })}>
            Go to the start
          </a>
        }
      >
        <p>
          <code class="break-all">{location.pathname}</code> does not exist, or is not for your sign-in.
        </p>
      </EmptyState>
    </main>
  );
}
