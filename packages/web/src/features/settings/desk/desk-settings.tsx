import type { JSX } from 'solid-js';
import { CategorySettings } from './category-settings.tsx';
import { FieldSettings } from './field-settings.tsx';
import { MatrixSettings } from './matrix-settings.tsx';

/** How tickets get their priority, what they are filed under, and what else is asked of them. */
export function DeskSettings(): JSX.Element {
  return (
    <>
      <MatrixSettings />
      <CategorySettings />
      <FieldSettings />
    </>
  );
}
