import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Select, type SelectOption } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { SettingsSection } from '../settings-section.tsx';
import { createMailKeeping, refreshMailboxes } from './mailbox-source.ts';

type Keeping = NonNullable<ReturnType<ReturnType<typeof createMailKeeping>['value']>>;

const FOR_EVER = 'ever';
const SPANS: readonly SelectOption[] = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '180', label: 'Half a year' },
  { value: '365', label: 'A year' },
  { value: '730', label: 'Two years' },
  { value: '1825', label: 'Five years' },
  { value: '3650', label: 'Ten years' },
  { value: FOR_EVER, label: 'For ever' },
];

/** For how long mails are kept as they came. */
export function KeepMails(props: { mayManage: boolean }): JSX.Element {
  const keeping = createMailKeeping();
  return (
    <SettingsSection
      title="Mails as they came"
      lead="What a mail said stays on its ticket. The mail itself, with all headers, is kept besides, to ask why it became what it did."
      query={keeping}
    >
      {(value) => <KeepingForm keeping={value} isFixed={!props.mayManage} />}
    </SettingsSection>
  );
}

function KeepingForm(props: { keeping: Keeping; isFixed: boolean }): JSX.Element {
  const [settled, setSettled] = createSignal(optionOf(props.keeping.settledDays));
  const [quarantined, setQuarantined] = createSignal(optionOf(props.keeping.quarantinedDays));
  const submit = createSubmit(async () => {
    const input = { settledDays: daysOf(settled()), quarantinedDays: daysOf(quarantined()) };
    await api['mail-inbox'].setMailKeeping.mutate({ ...input, version: props.keeping.version });
    await refreshMailboxes();
    showDone('Saved for how long mails are kept');
  });
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <div class="grid gap-4 sm:grid-cols-2">
        <Field label="Mails on tickets, and ignored ones" error={submit.problem()?.fields['settledDays']}>
          {(control) => (
            <Select
              {...control}
              disabled={props.isFixed}
              options={optionsFor(props.keeping.settledDays)}
              value={settled()}
              onChange={setSettled}
            />
          )}
        </Field>
        <Field label="Mails that wait for a decision" error={submit.problem()?.fields['quarantinedDays']}>
          {(control) => (
            <Select
              {...control}
              disabled={props.isFixed}
              options={optionsFor(props.keeping.quarantinedDays)}
              value={quarantined()}
              onChange={setQuarantined}
            />
          )}
        </Field>
      </div>
      <FormProblem problem={submit.problem()} fields={['settledDays', 'quarantinedDays']} />
      <div>
        <Button type="submit" disabled={props.isFixed} isBusy={submit.isBusy()}>
          Save
        </Button>
      </div>
    </form>
  );
}

function optionOf(days: number | null): string {
  return days === null ? FOR_EVER : String(days);
}

function daysOf(option: string): number | null {
  return option === FOR_EVER ? null : Number(option);
}

/** A number that somebody set by the API is a choice as well. */
function optionsFor(days: number | null): readonly SelectOption[] {
  const own = optionOf(days);
  return SPANS.some(({ value }) => value === own) ? SPANS : [{ value: own, label: `${own} days` }, ...SPANS];
}
