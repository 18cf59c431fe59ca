import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import {
  capital,
  conditionInWords,
  RULE_ACTORS,
  RULE_BLASTS,
  RULE_DISRUPTIONS,
  RULE_EFFECTS,
  RULE_VERDICTS,
  RULE_WINDOWS,
  verdictInWords,
  type Rule,
} from './policy-words.ts';

/** One rule of the policy, with its meaning as a sentence while it is changed. */
export function RuleDialog(props: {
  rule: Rule | undefined;
  onKeep: (rule: Rule) => void;
  onClose: () => void;
}): JSX.Element {
  return (
    <Dialog
      isOpen={props.rule !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title="Rule"
      description="What is not narrowed fits everything."
      width="wide"
    >
      <Show when={props.rule} keyed>
        {(rule) => <RuleForm rule={rule} onKeep={props.onKeep} onClose={props.onClose} />}
      </Show>
    </Dialog>
  );
}

function RuleForm(props: { rule: Rule; onKeep: (rule: Rule) => void; onClose: () => void }): JSX.Element {
  const [rule, setRule] = createSignal<Rule>({ ...props.rule });
  const [isTried, setTried] = createSignal(false);
  const change = (part: Partial<Rule>): void => void setRule({ ...rule(), ...part });
  const error = () => (isTried() && rule().note.trim() === '' ? 'Say why, in a sentence.' : undefined);
  return (
    <form
      class="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (rule().note.trim() !== '') props.onKeep({ ...rule(), note: rule().note.trim() });
      }}
    >
      <div class="grid gap-4 md:grid-cols-2">
        <Choices
          title="What it does"
          options={RULE_EFFECTS}
          chosen={rule().effects}
          onChange={(effects) => change({ effects })}
        />
        <Choices
          title="How far it reaches"
          options={RULE_BLASTS}
          chosen={rule().blasts}
          onChange={(blasts) => change({ blasts })}
        />
        <Choices
          title="Who asks"
          options={RULE_ACTORS}
          chosen={rule().actors}
          onChange={(actors) => change({ actors })}
        />
        <Choices
          title="What people notice"
          options={RULE_DISRUPTIONS}
          chosen={rule().disruptions}
          onChange={(disruptions) => change({ disruptions })}
        />
        <Field label="When">
          {(control) => (
            <Select
              {...control}
              value={rule().window}
              onChange={(window) => change({ window: window as Rule['window'] })}
              options={RULE_WINDOWS}
            />
          )}
        </Field>
        <Field label="Then it">
          {(control) => (
            <Select
              {...control}
              value={rule().verdict}
              onChange={(verdict) => change({ verdict: verdict as Rule['verdict'] })}
              options={RULE_VERDICTS}
            />
          )}
        </Field>
      </div>
      <Field label="Why" hint="People read it when the rule decides." isRequired error={error()}>
        {(control) => (
          <Input
            {...control}
            maxLength={200}
            value={rule().note}
            onInput={(event) => change({ note: event.currentTarget.value })}
          />
        )}
      </Field>
      <p class="rounded-control bg-pressed px-3 py-2" role="status">
        {conditionInWords(rule())} <strong class="font-semibold">{verdictInWords(rule())}</strong>.
      </p>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit">
          Keep
        </Button>
      </div>
    </form>
  );
}

function Choices<Value extends string>(props: {
  title: string;
  options: readonly { readonly value: Value; readonly label: string }[];
  chosen: readonly Value[];
  onChange: (chosen: Value[]) => void;
}): JSX.Element {
  return (
    <fieldset>
      <legend class="pb-1 font-medium">{props.title}</legend>
      <div class="flex flex-col">
        <For each={props.options}>
          {(option) => (
            <Checkbox
              label={capital(option.label)}
              isChecked={props.chosen.includes(option.value)}
              onChange={(isOn) =>
                props.onChange(
                  isOn ? [...props.chosen, option.value] : props.chosen.filter((value) => value !== option.value),
                )
              }
            />
          )}
        </For>
      </div>
    </fieldset>
  );
}
