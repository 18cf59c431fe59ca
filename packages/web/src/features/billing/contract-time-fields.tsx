import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SetStoreFunction } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import type { ContractForm } from './contract-form.ts';

interface Fields {
  readonly form: ContractForm;
  readonly set: SetStoreFunction<ContractForm>;
  readonly wrong: (field: keyof ContractForm) => string | undefined;
}

/** How worked time becomes billable time: hours, rounding, least and most, what is dearer, and journeys. */
export function ContractTimeFields(props: Fields): JSX.Element {
  const { can } = useSession();
  const calendars = createRecordQuery({
    key: () => ['sla-calendar', 'list'],
    fetch: (signal) => api.sla.listCalendars.query({}, { signal }),
    isEnabled: () => can('sla.read-rules'),
  });
  return (
    <fieldset class="flex flex-col gap-3 border-t border-line pt-3">
      <legend class="sr-only">How work is counted</legend>
      <h3 class="font-semibold" aria-hidden="true">
        How work is counted
      </h3>
      <div class="grid grid-cols-3 gap-3 max-md:grid-cols-1">
        <Choice
          {...props}
          field="calendarId"
          label="Business hours"
          options={[
            { value: '', label: 'All hours are alike' },
            ...(calendars.value()?.items ?? []).map((one) => ({ value: one.id as string, label: one.name })),
          ]}
        />
        <Choice
          {...props}
          field="remote"
          label="Remote work is in the fee"
          options={[
            { value: 'always', label: 'At any hour' },
            { value: 'business-hours', label: 'In business hours' },
            { value: 'never', label: 'Never, it is by the hour' },
          ]}
        />
        <Choice
          {...props}
          field="travel"
          label="Travel"
          options={[
            { value: 'hourly', label: 'By the hour, as work' },
            { value: 'share', label: 'A share of the hours' },
            { value: 'flat', label: 'A fee each journey' },
            { value: 'free', label: 'Not charged' },
          ]}
        />
      </div>
      <div class="grid grid-cols-4 gap-3 max-md:grid-cols-2">
        <Choice
          {...props}
          field="rounding"
          label="Round"
          options={[
            { value: 'up', label: 'Up' },
            { value: 'nearest', label: 'To the nearest' },
            { value: 'down', label: 'Down' },
          ]}
        />
        <Whole {...props} field="roundTo" label="To steps of, min" />
        <Whole {...props} field="minimum" label="At least, min" placeholder="none" />
        <Whole {...props} field="maximum" label="At most, min" placeholder="none" />
        <Show when={props.form.calendarId !== ''}>
          <Whole {...props} field="afterHours" label="After hours, %" placeholder="100" />
          <Whole {...props} field="holiday" label="On holidays, %" placeholder="as after hours" />
        </Show>
        <Show when={props.form.travel === 'share'}>
          <Whole {...props} field="travelShare" label="Of travel counts, %" />
        </Show>
        <Show when={props.form.travel === 'flat'}>
          <Whole {...props} field="travelFee" label="A journey costs" placeholder="0.00" />
        </Show>
      </div>
    </fieldset>
  );
}

/** Hours that are bought ahead each period; with none, work is billed by the hour. */
export function BlockFields(props: Fields & { readonly currency: string; readonly period: string }): JSX.Element {
  return (
    <fieldset class="grid grid-cols-4 gap-3 max-md:grid-cols-2">
      <legend class="sr-only">Hours bought ahead</legend>
      <Whole {...props} field="blockHours" label={`Hours ahead a ${props.period}`} placeholder="none" />
      <Show when={props.form.blockHours.trim() !== ''}>
        <Whole {...props} field="blockHour" label={`Each, ${props.currency}`} placeholder="0.00" />
        <Whole {...props} field="blockOverage" label={`Beyond, ${props.currency}`} placeholder="the same" />
        <Whole {...props} field="blockRollover" label={`Carried over, ${props.period}s`} placeholder="0" />
      </Show>
    </fieldset>
  );
}

function Choice(
  props: Fields & {
    readonly field: 'calendarId' | 'remote' | 'travel' | 'rounding';
    readonly label: string;
    readonly options: readonly { readonly value: string; readonly label: string }[];
  },
): JSX.Element {
  return (
    <Field label={props.label} error={props.wrong(props.field)}>
      {(control) => (
        <Select
          {...control}
          value={props.form[props.field]}
          onChange={(value) => props.set(props.field, value as never)}
          options={props.options}
        />
      )}
    </Field>
  );
}

function Whole(
  props: Fields & {
    readonly field: Exclude<keyof ContractForm, 'calendarId' | 'remote' | 'travel' | 'rounding'>;
    readonly label: string;
    readonly placeholder?: string;
  },
): JSX.Element {
  return (
    <Field label={props.label} error={props.wrong(props.field)}>
      {(control) => (
        <Input
          {...control}
          class="text-right tabular-nums"
          inputmode="decimal"
          placeholder={props.placeholder}
          value={props.form[props.field]}
          onInput={(event) => props.set(props.field, event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
