import { Dialog as Base } from '@kobalte/core/dialog';
import X from 'lucide-solid/icons/x';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

export interface DialogProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly title: string;
  /** One sentence under the title. */
  readonly description?: string | undefined;
  readonly children: JSX.Element;
  /** Buttons, the main one last. */
  readonly footer?: JSX.Element | undefined;
  readonly width?: 'narrow' | 'regular' | 'wide' | undefined;
}

const WIDTHS = { narrow: 'max-w-90', regular: 'max-w-130', wide: 'max-w-200' } as const;

/** A modal dialog: focus stays inside and returns where it was. */
export function Dialog(props: DialogProps): JSX.Element {
  return (
    <Base open={props.isOpen} onOpenChange={props.onOpenChange}>
      <Base.Portal>
        <Base.Overlay class="fixed inset-0 z-50 appear bg-overlay" />
        <div class="fixed inset-0 z-50 flex items-start justify-center overflow-y-auto p-4 pt-[10vh]">
          <Base.Content
            data-modal=""
            class={`w-full appear rounded-card bg-raised shadow-dialog outline-none ${WIDTHS[props.width ?? 'regular']}`}
          >
            <header class="flex items-start gap-4 px-5 pt-4">
              <div class="flex-1">
                <Base.Title class="text-title font-semibold">{props.title}</Base.Title>
                <Show when={props.description}>
                  {(text) => <Base.Description class="mt-1 text-muted">{text()}</Base.Description>}
                </Show>
              </div>
              <Base.CloseButton
                class="-mt-1 -mr-1.5 inline-flex size-7 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-text"
                aria-label="Close"
              >
                <X size={15} />
              </Base.CloseButton>
            </header>
            <div class="px-5 py-4">{props.children}</div>
            <Show when={props.footer}>
              <footer class="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{props.footer}</footer>
            </Show>
          </Base.Content>
        </div>
      </Base.Portal>
    </Base>
  );
}
