import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { ActionFields } from './action-fields.tsx';
import { ConditionFields } from './condition-fields.tsx';
import { DryRunView } from './dry-run-view.tsx';
import { definitionOf, draftOf, emptyAction } from './rule-draft.ts';
import { refreshRules, type Rule, type RuleNames } from './rule-source.ts';
import { TriggerFields } from './trigger-fields.tsx';

/** Makes a rule, or changes one. */
export function EditRule(props: {
  rule: Rule | 'new' | undefined;
  names: RuleNames;
  onClose: () => void;
}): JSX.Element {
  return (
    <Dialog
      isOpen={props.rule !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={props.rule === 'new' ? 'New rule' : 'Rule'}
      description="Try it out on the last month before you switch it on."
      width="wide"
    >
      <Show when={props.rule} keyed>
        {(rule) => <RuleForm rule={rule === 'new' ? undefined : rule} names={props.names} onClose={props.onClose} />}
      </Show>
    </Dialog>
  );
}

function RuleForm(props: { rule: Rule | undefined; names: RuleNames; onClose: () => void }): JSX.Element {
  const [draft, set] = createStore(draftOf(props.rule, Temporal.Now.timeZoneId()));
  if (draft.actions.length === 0) set('actions', [emptyAction()]);
  const [dryRunId, setDryRunId] = createSignal<string>();
  const save = (isActive: boolean) =>
    createSubmit(async () => {
      const input = { name: draft.name, stops: draft.stops, definition: definitionOf(draft), isActive };
      const { warnings } =
        props.rule === undefined
          ? await api['desk-rules'].createRule.mutate(input)
          : await api['desk-rules'].updateRule.mutate({ ...input, ruleId: props.rule.id, version: props.rule.version });
      await refreshRules();
      showDone(warnings[0] === undefined ? `${draft.name} was saved.` : `Saved. Look at this: ${warnings[0]}`);
      props.onClose();
    });
  const keepOn = save(true);
  const keepOff = save(false);
  const tryOut = createSubmit(async () => {
    const { dryRunId: id } = await api['desk-rules'].startDryRun.mutate({
      definition: definitionOf(draft),
      ...(props.rule === undefined ? {} : { ruleId: props.rule.id }),
    });
    setDryRunId(id);
  });
  const problem = () => keepOn.problem() ?? keepOff.problem() ?? tryOut.problem();
  const errors = (): Readonly<Record<string, string>> => problem()?.fields ?? {};
  return (
    <form
      class="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        (props.rule?.isActive === true ? keepOn : keepOff).run();
      }}
    >
      <FormProblem problem={problem()} />
      <Field label="Name" isRequired error={errors()['name']}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={120}
            placeholder="VPN tickets go to the network team"
            value={draft.name}
            onInput={(event) => set('name', event.currentTarget.value)}
          />
        )}
      </Field>
      <section>
        <h3 class="mb-1.5 font-semibold">When</h3>
        <TriggerFields draft={draft} set={set} />
        <FieldError errors={errors()} prefix="definition.when" />
      </section>
      <section>
        <h3 class="mb-1.5 font-semibold">If</h3>
        <ConditionFields draft={draft} set={set} names={props.names} errors={errors()} />
      </section>
      <section>
        <h3 class="mb-1.5 font-semibold">Then</h3>
        <ActionFields draft={draft} set={set} names={props.names} errors={errors()} />
      </section>
      <Checkbox
        label="Later rules leave the ticket alone when this one ran"
        isChecked={draft.stops}
        onChange={(stops) => set('stops', stops)}
      />
      <Show when={dryRunId()}>{(id) => <DryRunView dryRunId={id()} />}</Show>
      <div class="flex flex-wrap justify-end gap-2">
        <Button isBusy={tryOut.isBusy()} onClick={tryOut.run}>
          Try it out on the last month
        </Button>
        <Button isBusy={keepOff.isBusy()} onClick={keepOff.run}>
          Save, switched off
        </Button>
        <Button kind="primary" isBusy={keepOn.isBusy()} onClick={keepOn.run}>
          Save and switch on
        </Button>
      </div>
    </form>
  );
}

function FieldError(props: { errors: Readonly<Record<string, string>>; prefix: string }): JSX.Element {
  const error = () => Object.entries(props.errors).find(([path]) => path.startsWith(props.prefix))?.[1];
  return (
    <Show when={error()}>
      {(text) => (
        <p role="alert" class="text-small text-critical-text">
          {text()}
        </p>
      )}
    </Show>
  );
}
