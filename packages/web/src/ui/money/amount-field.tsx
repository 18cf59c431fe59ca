import type { JSX } from 'solid-js';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { minorAmount } from './minor-amount.ts';

/** Whether what was typed is neither an amount of the currency nor nothing. */
export function isNoAmount(typed: string, currency: string): boolean {
  return typed.trim() !== '' && minorAmount(typed, currency) === undefined;
}

/** An amount of money as people type it; it says so where it is none. */
export function AmountField(props: {
  label: string;
  currency: string;
  hint?: string | undefined;
  value: string;
  onChange: (typed: string) => void;
  error?: string | undefined;
}): JSX.Element {
  return (
    <Field
      label={`${props.label} (${props.currency})`}
      hint={props.hint}
      error={isNoAmount(props.value, props.currency) ? 'must be an amount such as 1240.50' : props.error}
    >
      {(control) => (
        <Input
          {...control}
          class="max-w-40"
          inputmode="decimal"
          maxlength={20}
          value={props.value}
          onInput={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
