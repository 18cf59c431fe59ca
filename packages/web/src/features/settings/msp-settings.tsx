import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { BrandLook } from '#web/features/branding/brand-look.tsx';
import { useSession } from '#web/app/session/session.tsx';
import { zones } from './zones.ts';
import { SettingsSection } from './settings-section.tsx';

type Msp = Awaited<ReturnType<typeof api.tenancy.getMsp.query>>;

/** The MSP's own name, zone, currency and look. */
export function MspSettings(): JSX.Element {
  const msp = createRecordQuery({
    key: () => ['tenancy.msp', 'one', 'own'],
    fetch: (signal) => api.tenancy.getMsp.query({}, { signal }),
  });
  return (
    <SettingsSection
      title="Company"
      lead="Your clients see the name and the accent in their portal and mail."
      query={msp}
    >
      {(value) => <MspForm msp={value} />}
    </SettingsSection>
  );
}

function MspForm(props: { msp: Msp }): JSX.Element {
  const [values, set] = createStore({
    name: props.msp.name,
    timeZone: props.msp.timeZone,
    currency: props.msp.currency,
    accentHue: props.msp.accentHue,
  });
  const submit = createSubmit(async () => {
    await api.tenancy.updateMsp.mutate({ version: props.msp.version, ...values });
    await invalidateTopic('tenancy.msp');
    showDone('Saved. Others see it when they next load a page.');
  });
  const errors = () => submit.problem()?.fields ?? {};
  const { can } = useSession();
  return (
    <>
      <form class="flex max-w-130 flex-col gap-4" onSubmit={submit.onSubmit}>
        <FormProblem problem={submit.problem()} />
        <Field label="Name" isRequired error={errors()['name']}>
          {(control) => (
            <Input
              {...control}
              required
              maxLength={120}
              value={values.name}
              onInput={(event) => set('name', event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="grid grid-cols-2 gap-4">
          <Field label="Time zone" error={errors()['timeZone']}>
            {(control) => (
              <Select
                {...control}
                value={values.timeZone}
                onChange={(zone) => set('timeZone', zone)}
                options={zones(values.timeZone)}
              />
            )}
          </Field>
          <Field label="Currency" error={errors()['currency']}>
            {(control) => (
              <Input
                {...control}
                required
                maxLength={3}
                value={values.currency}
                onInput={(event) => set('currency', event.currentTarget.value.toUpperCase())}
              />
            )}
          </Field>
        </div>
        <Field
          label="Accent"
          hint="The hue of buttons and marks in your clients’ portal."
          error={errors()['accentHue']}
        >
          {(control) => (
            <input
              {...control}
              type="range"
              min="0"
              max="359"
              class="w-full accent-accent"
              value={values.accentHue}
              onInput={(event) => set('accentHue', Number(event.currentTarget.value))}
            />
          )}
        </Field>
        <div>
          <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
            Save
          </Button>
        </div>
      </form>
      <Show when={can('branding.manage-brand')}>
        <h3 class="mt-8 mb-3 font-semibold">How the portal looks</h3>
        <BrandLook name={values.name} hue={values.accentHue} />
      </Show>
    </>
  );
}
