import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { FieldInput } from './field-input.tsx';
import { formField, startText, toText, toValue } from './form-values.ts';
import type { ConnectionDetail, ConnectionForm as Form } from './plugin-words.ts';

type Reach = Awaited<ReturnType<(typeof api)['plugin-host']['describeReach']['mutate']>>['items'];
export type Approvals = { kind: 'origin' | 'network'; value: string }[];

/** What the form holds when it is sent. */
export interface ConnectionDraft {
  readonly name: string;
  readonly config: Record<string, unknown>;
  readonly secrets: Record<string, string>;
  readonly approvals: Approvals;
}

interface ConnectionFormProps {
  readonly pluginId: string;
  readonly form: Form;
  readonly suggestedName: string;
  /** The connection that is changed; absent for a new one. */
  readonly connection?: ConnectionDetail;
  readonly submitLabel: string;
  /** Checks and saves. */
  readonly save: (draft: ConnectionDraft) => Promise<void>;
}

/** The form of an account at a vendor: its fields come from the plugin, the check runs before anything is saved. */
export function ConnectionForm(props: ConnectionFormProps): JSX.Element {
  const [name, setName] = createSignal(props.connection?.name ?? props.suggestedName);
  const [texts, setTexts] = createStore<Record<string, string>>(
    Object.fromEntries(
      props.form.fields.map(({ name: field, field: declared, isSecret }) => [
        field,
        isSecret || props.connection === undefined
          ? startText(declared)
          : toText(declared, props.connection.config[field]),
      ]),
    ),
  );
  const [reach, setReach] = createSignal<Reach>([]);
  const [isAllowed, setAllowed] = createSignal(false);
  const config = () =>
    Object.fromEntries(
      props.form.fields
        .filter((field) => !field.isSecret)
        .map((field) => [field.name, toValue(field.field, texts[field.name] ?? '')])
        .filter(([, value]) => value !== undefined),
    ) as Record<string, unknown>;
  const secrets = () =>
    Object.fromEntries(
      props.form.fields
        .filter((field) => field.isSecret && (texts[field.name] ?? '') !== '')
        .map((field) => [field.name, texts[field.name] ?? '']),
    );
  const approvals = (): Approvals => (isAllowed() ? reach().flatMap((item) => item.needs) : []);

  const change = (field: Form['fields'][number], value: string): void => {
    setTexts(field.name, value);
    if (!field.needsApproval) return;
    // What was agreed to was the address before.
    setReach([]);
    setAllowed(false);
  };

  const isApproved = (need: Approvals[number]): boolean =>
    props.connection?.approvals.some(({ kind, value }) => kind === need.kind && value === need.value) === true;

  const submit = createSubmit(async () => {
    const asked = await api['plugin-host'].describeReach.mutate({
      pluginId: props.pluginId,
      type: props.form.name,
      config: config(),
    });
    const isSame = JSON.stringify(asked.items) === JSON.stringify(reach());
    const isNew = asked.items.some((item) => item.needs.some((need) => !isApproved(need)));
    setReach(isNew ? asked.items : []);
    // What it reaches is read before it is agreed to, and again whenever it changes.
    if (isNew && !(isSame && isAllowed())) {
      if (!isSame) setAllowed(false);
      return;
    }
    await props.save({ name: name(), config: config(), secrets: secrets(), approvals: approvals() });
  });
  const errors = () => submit.problem()?.fields ?? {};
  const errorOf = (field: string): string | undefined =>
    errors()[field] ?? errors()[`config.${field}`] ?? errors()[`secrets.${field}`];

  return (
    <form class="flex max-w-160 flex-col gap-4" onSubmit={submit.onSubmit}>
      <Show when={props.form.help}>{(help) => <p class="text-muted">{help()}</p>}</Show>
      <Field label="Name" isRequired error={errors()['name']} hint="What you call this account.">
        {(control) => (
          <Input
            {...control}
            required
            maxLength={100}
            value={name()}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <For each={props.form.fields}>
        {(field) => (
          <FieldInput
            field={formField(field)}
            value={texts[field.name] ?? ''}
            onChange={(value) => change(field, value)}
            error={errorOf(field.name)}
            isSet={props.connection?.secretsSet.includes(field.name)}
            options={field.options === null ? undefined : () => askOptions(field.options ?? '')}
          />
        )}
      </For>
      <Show when={reach().length > 0}>
        <fieldset class="rounded-card border border-line bg-surface p-4">
          <legend class="px-1 font-medium">What it will reach</legend>
          <ul class="flex list-disc flex-col gap-1 pb-3 pl-5">
            <For each={reach()}>{(item) => <li>{item.sentence}</li>}</For>
          </ul>
          <Show when={reach().every((item) => item.network !== 'never')}>
            <Checkbox label="I allow this" isChecked={isAllowed()} onChange={setAllowed} />
          </Show>
        </fieldset>
      </Show>
      {/* Beside the button: the form is longer than a window, and what stands at its head would not be seen. */}
      <FormProblem problem={submit.problem()} fields={placesOf(props.form)} />
      <div class="flex items-center gap-3">
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          {props.submitLabel}
        </Button>
        <Show when={submit.isBusy()}>
          <span class="text-muted" role="status">
            Asking the vendor …
          </span>
        </Show>
      </div>
    </form>
  );

  async function askOptions(option: string) {
    const { items } = await api['plugin-host'].listOptions.mutate({
      pluginId: props.pluginId,
      type: props.form.name,
      name: option,
      config: config(),
      secrets: secrets(),
      approvals: approvals(),
      ...(props.connection === undefined ? {} : { connectionId: props.connection.id }),
    });
    return items;
  }
}

/** The paths of what is refused at a field. */
function placesOf(form: Form): string[] {
  return ['name', ...form.fields.flatMap(({ name }) => [name, `config.${name}`, `secrets.${name}`])];
}
