import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { WEEK, type Hours } from './policy-words.ts';

/** When people are at work: days, and from when until when. */
export function HoursForm(props: {
  hours: Hours;
  onChange: (hours: Hours) => void;
  errors: Readonly<Record<string, string>>;
}): JSX.Element {
  const setDay = (day: number, isOn: boolean): void => {
    const others = props.hours.days.filter((other) => other !== day);
    props.onChange({ ...props.hours, days: isOn ? [...others, day].toSorted((a, b) => a - b) : others });
  };
  const time = (key: 'from' | 'until', label: string) => (
    <Field label={label} error={props.errors[`workingHours.${key}`]}>
      {(control) => (
        <Input
          {...control}
          type="time"
          class="w-30"
          value={props.hours[key]}
          onInput={(event) => props.onChange({ ...props.hours, [key]: event.currentTarget.value })}
        />
      )}
    </Field>
  );
  return (
    <div class="flex flex-col gap-3">
      <fieldset>
        <legend class="sr-only">Days</legend>
        <div class="flex flex-wrap gap-x-4 gap-y-1">
          <For each={WEEK}>
            {({ day, label }) => (
              <Checkbox
                label={label}
                isChecked={props.hours.days.includes(day)}
                onChange={(isOn) => setDay(day, isOn)}
              />
            )}
          </For>
        </div>
      </fieldset>
      <div class="flex gap-4">
        {time('from', 'From')}
        {time('until', 'Until')}
      </div>
    </div>
  );
}
