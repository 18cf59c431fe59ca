import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { priorityName, type PriorityLevel } from '#web/ui/priority/priority.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { SettingsSection } from '../settings-section.tsx';
import { createMatrix, type Matrix } from './desk-source.ts';

const LEVELS = ['High', 'Medium', 'Low'];
const PRIORITIES = ([1, 2, 3, 4] as const).map((level: PriorityLevel) => ({
  value: String(level),
  label: priorityName(level),
}));

/** The matrix of impact and urgency. */
export function MatrixSettings(): JSX.Element {
  const matrix = createMatrix();
  return (
    <SettingsSection
      title="Priorities"
      lead="Impact and urgency give a ticket its priority, unless somebody names one. A change counts for what is rated from then on."
      query={matrix}
    >
      {(value) => <MatrixForm matrix={value} />}
    </SettingsSection>
  );
}

function MatrixForm(props: { matrix: Matrix }): JSX.Element {
  const { can } = useSession();
  const mayChange = can('desk-catalogue.manage-catalogue');
  const [values, set] = createStore({ cells: [...props.matrix.cells], vipSteps: props.matrix.vipSteps });
  const submit = createSubmit(async () => {
    const { version } = props.matrix;
    await api['desk-catalogue'].setMatrix.mutate({ version, cells: [...values.cells], vipSteps: values.vipSteps });
    await invalidateTopic('desk');
    showDone('The priorities were saved');
  });
  return (
    <form class="flex max-w-160 flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} />
      <div class="overflow-x-auto">
        <table class="w-full min-w-110">
          <thead>
            <tr class="text-left text-muted">
              <th class="pb-1 font-medium">Impact</th>
              <For each={LEVELS}>{(level) => <th class="pb-1 font-medium">{level} urgency</th>}</For>
            </tr>
          </thead>
          <tbody>
            <For each={LEVELS}>
              {(level, impact) => (
                <tr>
                  <th class="py-1 pr-3 text-left font-normal">{level}</th>
                  <For each={LEVELS}>
                    {(other, urgency) => (
                      <td class="py-1 pr-2">
                        <Select
                          aria-label={`${level} impact, ${other.toLowerCase()} urgency`}
                          disabled={!mayChange}
                          value={String(values.cells[impact() * 3 + urgency()])}
                          onChange={(value) => set('cells', impact() * 3 + urgency(), Number(value))}
                          options={PRIORITIES}
                        />
                      </td>
                    )}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <Field
        label="A VIP’s ticket is raised by"
        hint="Never above P1; the ticket says so. Who is a VIP is said at the contact."
      >
        {(control) => (
          <Select
            {...control}
            class="w-48"
            disabled={!mayChange}
            value={String(values.vipSteps)}
            onChange={(value) => set('vipSteps', Number(value))}
            options={['nothing', 'one priority', 'two priorities', 'three priorities'].map((label, index) => ({
              value: String(index),
              label,
            }))}
          />
        )}
      </Field>
      {mayChange && (
        <div>
          <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
            Save
          </Button>
        </div>
      )}
    </form>
  );
}
