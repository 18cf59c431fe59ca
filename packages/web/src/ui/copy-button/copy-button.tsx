import Check from 'lucide-solid/icons/check';
import Copy from 'lucide-solid/icons/copy';
import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { Button } from '#web/ui/button/button.tsx';
import { showProblem } from '#web/ui/toast/toast-store.ts';

/** Copies a text, and says so in its own place. */
export function CopyButton(props: { text: string; label?: string | undefined }): JSX.Element {
  const [isCopied, setCopied] = createSignal(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(props.text);
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    } catch {
      showProblem('The browser refused to copy', 'Select the text and copy it by hand.');
    }
  };
  return (
    <Button icon={isCopied() ? Check : Copy} onClick={() => void copy()}>
      <span aria-live="polite">{isCopied() ? 'Copied' : (props.label ?? 'Copy')}</span>
    </Button>
  );
}
