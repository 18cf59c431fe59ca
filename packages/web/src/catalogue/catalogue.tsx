import type { JSX } from 'solid-js';
import { Button } from '#web/ui/button/button.tsx';

/** Every component in every state; in development only. */
export function Catalogue(): JSX.Element {
  return (
    <main class="p-6">
      <Button kind="primary">Save</Button>
    </main>
  );
}
