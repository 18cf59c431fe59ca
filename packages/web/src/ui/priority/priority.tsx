import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { StateMark } from '#web/ui/status-pill/status-pill.tsx';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

export type PriorityLevel = 1 | 2 | 3 | 4;

const LOOKS: Readonly<Record<PriorityLevel, { readonly name: string; readonly marks: readonly State[] }>> = {
  1: { name: 'P1 Critical', marks: ['critical', 'critical'] },
  2: { name: 'P2 High', marks: ['critical'] },
  3: { name: 'P3 Normal', marks: ['warning'] },
  4: { name: 'P4 Low', marks: ['neutral'] },
};

/** The name of a priority: `P2 High`. */
export function priorityName(level: PriorityLevel): string {
  return LOOKS[level].name;
}

/** A priority by shape: two triangles, one, a square, a dot. Its name is read aloud and shown on hover. */
export function Priority(props: { level: PriorityLevel }): JSX.Element {
  return (
    <span
      class="inline-flex items-center gap-px"
      title={priorityName(props.level)}
      role="img"
      aria-label={priorityName(props.level)}
    >
      <For each={LOOKS[props.level].marks}>{(state) => <StateMark state={state} />}</For>
    </span>
  );
}
