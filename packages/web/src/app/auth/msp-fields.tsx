import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';

/** What the first administrator says of the MSP. */
export interface MspAnswer {
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
}

/** Name, zone and currency of the MSP; `errors` by the server's field paths. */
export function MspFields(props: {
  value: MspAnswer;
  onChange: (change: Partial<MspAnswer>) => void;
  errors: Readonly<Record<string, string>>;
}): JSX.Element {
  return (
    <>
      <Field label="Name of your MSP" isRequired error={props.errors['msp.name']}>
        {(control) => (
          <Input
            {...control}
            class="h-9"
            autocomplete="organization"
            required
            maxLength={120}
            value={props.value.name}
            onInput={(event) => props.onChange({ name: event.currentTarget.value })}
          />
        )}
      </Field>
      <div class="grid grid-cols-[minmax(0,1fr)_6.5rem] gap-3">
        <Field label="Time zone" isRequired error={props.errors['msp.timeZone']}>
          {(control) => (
            <Input
              {...control}
              class="h-9"
              list="time-zones"
              autocomplete="off"
              spellcheck={false}
              required
              value={props.value.timeZone}
              onInput={(event) => props.onChange({ timeZone: event.currentTarget.value.trim() })}
            />
          )}
        </Field>
        <Field label="Currency" isRequired error={props.errors['msp.currency']}>
          {(control) => (
            <Input
              {...control}
              class="h-9 uppercase"
              list="currencies"
              autocomplete="off"
              spellcheck={false}
              required
              minLength={3}
              maxLength={3}
              value={props.value.currency}
              onInput={(event) => props.onChange({ currency: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      <datalist id="time-zones">
        <For each={Intl.supportedValuesOf('timeZone')}>{(zone) => <option value={zone} />}</For>
      </datalist>
      <datalist id="currencies">
        <For each={Intl.supportedValuesOf('currency')}>{(currency) => <option value={currency} />}</For>
      </datalist>
    </>
  );
}
