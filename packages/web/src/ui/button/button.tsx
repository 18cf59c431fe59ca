import { Show, splitProps } from 'solid-js';
import type { Component, JSX } from 'solid-js';
import { Kbd } from '#web/ui/kbd/kbd.tsx';

export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger';

const KINDS: Readonly<Record<ButtonKind, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover border-transparent shadow-[inset_0_1px_0_oklch(1_0_0/0.12)]',
  secondary: 'bg-raised text-text border-line-strong hover:bg-hover active:bg-pressed',
  quiet: 'bg-transparent text-muted border-transparent hover:bg-hover hover:text-text active:bg-pressed',
  danger: 'bg-critical-soft text-critical-text border-transparent hover:brightness-97 dark:hover:brightness-115',
};

const SIZES = {
  small: 'h-(--control-small) px-2 gap-1.5',
  regular: 'h-(--control) px-3 gap-2',
  large: 'h-11 px-5 gap-2 text-large',
} as const;

const BASE =
  'transition-quick relative inline-flex shrink-0 items-center justify-center rounded-control border font-medium whitespace-nowrap select-none disabled:pointer-events-none disabled:opacity-50 aria-disabled:pointer-events-none aria-disabled:opacity-50';

export interface ButtonLook {
  readonly kind?: ButtonKind | undefined;
  readonly size?: keyof typeof SIZES | undefined;
}

/** The classes of a button, for links that look like one. */
export function buttonClass(look: ButtonLook): string {
  return `${BASE} ${KINDS[look.kind ?? 'secondary']} ${SIZES[look.size ?? 'regular']}`;
}

export interface ButtonProps extends ButtonLook, JSX.ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon?: Component<{ class?: string; size?: number }> | undefined;
  /** Drawn as keycaps; the shortcut itself is an action (`registerShortcut`). */
  readonly shortcut?: string | undefined;
  /** Keeps its width and cannot be pressed twice; announced to screen readers. */
  readonly isBusy?: boolean | undefined;
}

/** A button with a word. For one with only an icon take `IconButton`. */
export function Button(props: ButtonProps): JSX.Element {
  const [own, rest] = splitProps(props, [
    'kind',
    'size',
    'icon',
    'shortcut',
    'isBusy',
    'class',
    'children',
    'type',
    'onClick',
  ]);
  return (
    <button
      {...rest}
      type={own.type ?? 'button'}
      class={`${buttonClass(own)} ${own.class ?? ''}`}
      aria-busy={own.isBusy ?? undefined}
      aria-disabled={own.isBusy ?? undefined}
      onClick={(event) => {
        if (own.isBusy) event.preventDefault();
        else if (typeof own.onClick === 'function') own.onClick(event);
      }}
    >
      <span class="inline-flex items-center gap-[inherit]" classList={{ 'opacity-0': own.isBusy ?? false }}>
        <Show when={own.icon}>{(icon) => icon()({ size: 14, class: 'shrink-0' })}</Show>
        {own.children}
        <Show when={own.shortcut}>{(shortcut) => <Kbd keys={shortcut()} isOnAccent={own.kind === 'primary'} />}</Show>
      </span>
      <Show when={own.isBusy}>
        <span class="absolute inset-0 flex items-center justify-center gap-1" aria-hidden="true">
          <span class="size-1 breathe rounded-full bg-current" />
          <span class="size-1 breathe rounded-full bg-current [animation-delay:150ms]" />
          <span class="size-1 breathe rounded-full bg-current [animation-delay:300ms]" />
        </span>
      </Show>
    </button>
  );
}
