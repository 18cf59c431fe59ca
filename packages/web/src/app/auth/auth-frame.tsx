import { createEffect } from 'solid-js';
import type { JSX } from 'solid-js';

/** The quiet page on which people sign in: a mark, a title, one thing to do. */
export function AuthFrame(props: {
  name: string;
  title: string;
  lead?: JSX.Element | undefined;
  children: JSX.Element;
  foot?: JSX.Element | undefined;
}): JSX.Element {
  createEffect(() => {
    document.title = `${props.title} · ${props.name}`;
  });
  return (
    <main class="auth flex min-h-dvh flex-col items-center bg-canvas px-4 pt-[12vh] pb-10">
      <div class="w-full max-w-92">
        <div class="mb-8 flex items-center gap-2.5">
          <span
            class="flex size-7 items-center justify-center rounded-[7px] bg-accent text-[0.9375rem] font-bold text-on-accent"
            aria-hidden="true"
          >
            {props.name.slice(0, 1)}
          </span>
          <span class="text-large font-semibold">{props.name}</span>
        </div>
        <h1 class="text-display font-semibold tracking-tight">{props.title}</h1>
        <p class="mt-1 text-muted">{props.lead}</p>
        <div class="mt-6">{props.children}</div>
        <div class="mt-8 text-muted">{props.foot}</div>
      </div>
    </main>
  );
}
