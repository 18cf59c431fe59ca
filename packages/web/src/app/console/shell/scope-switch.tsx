import ChevronsUpDown from 'lucide-solid/icons/chevrons-up-down';
import { Show, Suspense, createSignal, lazy } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { useScope } from '#web/app/scope/scope.ts';
import { ClientDot } from '#web/ui/client-dot/client-dot.tsx';
import { createScopeNames } from './scope-names.ts';

const ScopePicker = lazy(() => import('./scope-picker.tsx').then((module) => ({ default: module.ScopePicker })));

/** Which clients the console looks at. The list behind it loads when it is first opened. */
export function ScopeSwitch(): JSX.Element {
  const scope = useScope();
  const names = createScopeNames();
  const [isOpen, setOpen] = createSignal(false);
  const [wasOpen, setWasOpen] = createSignal(false);
  const open = (): void => {
    setWasOpen(true);
    setOpen(true);
  };
  registerActions({ id: 'app.change-scope', name: 'Switch client', group: 'General', shortcut: 'w', run: open });
  return (
    <>
      <button
        type="button"
        class="transition-quick flex h-7.5 max-w-60 min-w-0 items-center gap-2 rounded-control border border-line-strong bg-raised px-2.5 font-medium hover:bg-hover"
        aria-haspopup="dialog"
        title="Switch client"
        onClick={open}
      >
        <Show
          when={scope.clientId}
          fallback={
            <>
              <span
                class="size-2 shrink-0 rounded-full bg-[conic-gradient(var(--series-2),var(--series-1),var(--series-3),var(--series-4),var(--series-2))]"
                aria-hidden="true"
              />
              <span class="truncate-line">{names.label()}</span>
              <span class="min-w-4 font-normal text-muted tabular-nums">{names.count()}</span>
            </>
          }
        >
          {(id) => <ClientDot id={id()} name={names.label()} />}
        </Show>
        <ChevronsUpDown size={13} class="shrink-0 text-faint" />
      </button>
      <Show when={wasOpen()}>
        <Suspense>
          <ScopePicker isOpen={isOpen()} onOpenChange={setOpen} />
        </Suspense>
      </Show>
    </>
  );
}
