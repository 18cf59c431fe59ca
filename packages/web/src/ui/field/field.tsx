import { Show, createUniqueId } from 'solid-js';
import type { JSX } from 'solid-js';

/** What a control needs to be one with its label, its hint and its error. */
export interface FieldControl {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
  readonly 'aria-required': boolean | undefined;
}

export interface FieldProps {
  readonly label: string;
  readonly hint?: JSX.Element | undefined;
  /** Says what is wrong and how it is put right; undefined when nothing is. */
  readonly error?: string | undefined;
  readonly isRequired?: boolean | undefined;
  /** Beside the label, at the right: "Forgotten?". */
  readonly aside?: JSX.Element | undefined;
  readonly class?: string | undefined;
  readonly children: (control: FieldControl) => JSX.Element;
}

/** Label, control, hint and error as one: `<Field label="Name">{(control) => <Input {...control} />}</Field>`. */
export function Field(props: FieldProps): JSX.Element {
  const id = createUniqueId();
  const control: FieldControl = {
    id,
    get 'aria-describedby'() {
      const ids = [
        props.error === undefined ? undefined : `${id}-error`,
        props.hint === undefined ? undefined : `${id}-hint`,
      ].filter((part) => part !== undefined);
      return ids.length === 0 ? undefined : ids.join(' ');
    },
    get 'aria-invalid'() {
      return props.error === undefined ? undefined : true;
    },
    get 'aria-required'() {
      return props.isRequired ? true : undefined;
    },
  };
  return (
    <div class={`flex flex-col gap-1 ${props.class ?? ''}`}>
      <div class="flex items-baseline justify-between gap-2">
        <label for={id} class="font-medium">
          {props.label}
        </label>
        {props.aside}
      </div>
      {props.children(control)}
      <Show when={props.error}>
        {(error) => (
          <p id={`${id}-error`} class="flex items-start gap-1.5 text-critical-text">
            <svg viewBox="0 0 12 12" class="mt-1.25 size-2.5 shrink-0 fill-critical" aria-hidden="true">
              <path d="M6 0l6 6-6 6-6-6z" />
            </svg>
            {error()}
          </p>
        )}
      </Show>
      <Show when={props.hint}>
        <p id={`${id}-hint`} class="text-muted">
          {props.hint}
        </p>
      </Show>
    </div>
  );
}
