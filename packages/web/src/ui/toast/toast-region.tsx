import X from 'lucide-solid/icons/x';
import { For, Show, createSignal, onCleanup } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { dismissToast, toasts } from './toast-store.ts';
import type { Toast } from './toast-store.ts';

function ToastCard(props: { toast: Toast }): JSX.Element {
  const [isHeld, setHeld] = createSignal(false);
  let leftMs = props.toast.shownMs;
  // Counted in steps, so that a toast under the pointer or the focus waits (WCAG 2.2.1).
  const timer = setInterval(() => {
    // The server does not wait with the effect, so an offer to undo does not either.
    if (isHeld() && props.toast.undo === undefined) return;
    leftMs -= 250;
    if (leftMs <= 0) dismissToast(props.toast.id);
  }, 250);
  onCleanup(() => clearInterval(timer));
  return (
    <div
      class="relative flex w-90 max-w-[calc(100vw-2rem)] appear items-start gap-3 overflow-hidden rounded-card bg-raised py-3 pr-2 pl-4 shadow-menu"
      role={props.toast.kind === 'problem' ? 'alert' : 'status'}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <svg viewBox="0 0 12 12" class="mt-1 size-3 shrink-0" aria-hidden="true">
        <Show when={props.toast.kind === 'problem'} fallback={<circle cx="6" cy="6" r="5" class="fill-ok" />}>
          <path d="M6 0l6 6-6 6-6-6z" class="fill-critical" />
        </Show>
      </svg>
      <div class="min-w-0 flex-1">
        <p class="font-medium">{props.toast.text}</p>
        <Show when={props.toast.detail}>{(detail) => <p class="text-muted">{detail()}</p>}</Show>
      </div>
      <Show when={props.toast.undo}>
        {(undo) => (
          <button
            type="button"
            class="rounded-tag px-2 font-medium text-accent-text hover:bg-hover"
            onClick={() => {
              dismissToast(props.toast.id);
              undo()();
            }}
          >
            Undo
          </button>
        )}
      </Show>
      <button
        type="button"
        class="rounded-tag p-1 text-muted hover:bg-hover hover:text-text"
        aria-label="Dismiss"
        onClick={() => dismissToast(props.toast.id)}
      >
        <X size={13} />
      </button>
      <Show when={props.toast.undo}>
        <span
          class="absolute inset-x-0 bottom-0 h-0.5 origin-left animate-[toast-left_linear_forwards] bg-accent"
          style={{ 'animation-duration': `${props.toast.shownMs}ms` }}
          aria-hidden="true"
        />
      </Show>
    </div>
  );
}

/** Where toasts appear. Once for each door; `showDone` and `showProblem` fill it. */
export function ToastRegion(): JSX.Element {
  // The newest offer that still stands; in a field the browser's own undo goes first.
  const newest = (): Toast | undefined => toasts().findLast(({ undo }) => undo !== undefined);
  registerActions({
    id: 'app.undo',
    name: 'Undo',
    group: 'General',
    shortcut: 'mod+z',
    isEnabled: () => newest() !== undefined && !isEditing(),
    run: () => {
      const toast = newest();
      if (toast === undefined) return;
      dismissToast(toast.id);
      toast.undo?.();
    },
  });
  return (
    <section
      class="pointer-events-none fixed bottom-4 left-4 z-60 flex flex-col items-start gap-2 md:left-[calc(var(--rail-width,0px)+1rem)] *:pointer-events-auto"
      aria-label="Notifications"
    >
      <For each={toasts()}>{(toast) => <ToastCard toast={toast} />}</For>
    </section>
  );
}

function isEditing(): boolean {
  const focused = document.activeElement;
  return (
    focused instanceof HTMLTextAreaElement ||
    (focused instanceof HTMLInputElement && /^(text|search|email|url|tel|number|password)$/.test(focused.type)) ||
    (focused instanceof HTMLElement && focused.isContentEditable)
  );
}
