import type { JSX } from 'solid-js';

/** The head of a screen: its name, its views (`Tabs`), filters and buttons at the right. */
export function ScreenHead(props: {
  title: string;
  children?: JSX.Element;
  actions?: JSX.Element | undefined;
}): JSX.Element {
  return (
    <div class="flex min-h-10 shrink-0 items-center gap-x-3 border-b border-line px-4 max-md:flex-wrap max-md:py-1">
      <h1 class="text-title font-semibold tracking-tight">{props.title}</h1>
      {/* On a phone the views have a line of their own: where they wrap would change when their counts come. */}
      <div class="min-w-0 max-md:order-last max-md:flex max-md:min-h-9 max-md:basis-full max-md:empty:hidden md:contents">
        {props.children}
      </div>
      <div class="ml-auto flex items-center gap-2 py-1">{props.actions}</div>
    </div>
  );
}
