import { Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import type { ConditionDraft } from './rule-draft.ts';
import { FoundPicker } from './found-picker.tsx';
import type { FoundKind, RuleField, RuleNames } from './rule-source.ts';
import { CONDITION_OPTIONS, customOperatorsOf, isWords, isYesNo, operatorsOf, valuesOf } from './rule-words.ts';
import { ValuePicker } from './value-picker.tsx';

type Change = (change: Partial<ConditionDraft>) => void;

const CUSTOM = 'custom:';
const YES_NO = ['yes', 'no'].map((value) => ({ value, label: value }));

/** One condition: a field, an operator that fits its type, and what it is compared with. */
export function ConditionRow(props: { condition: ConditionDraft; names: RuleNames; onChange: Change }): JSX.Element {
  const field = () => props.condition.field;
  const custom = (): RuleField | undefined =>
    field() === 'custom' ? props.names.fields.find(({ id }) => id === props.condition.fieldId) : undefined;
  const operators = () => (field() === 'custom' ? customOperatorsOf(custom()?.type ?? '') : operatorsOf(field()));
  const choose = (next: string): void => {
    const fieldId = next.startsWith(CUSTOM) ? next.slice(CUSTOM.length) : '';
    const type = props.names.fields.find(({ id }) => id === fieldId)?.type ?? '';
    const fitting = fieldId === '' ? operatorsOf(next) : customOperatorsOf(type);
    const op = fitting[0]?.value ?? 'is';
    props.onChange({ field: fieldId === '' ? next : 'custom', fieldId, op, values: [], words: '' });
  };
  return (
    <>
      <Select
        class="w-52"
        aria-label="Field"
        value={field() === 'custom' ? `${CUSTOM}${props.condition.fieldId}` : field()}
        options={[
          ...CONDITION_OPTIONS,
          ...props.names.fields.map(({ id, name }) => ({ value: `${CUSTOM}${id}`, label: name })),
        ]}
        onChange={choose}
      />
      <Select
        class="w-36"
        aria-label="Operator"
        value={props.condition.op}
        options={operators()}
        onChange={(op) => props.onChange({ op })}
      />
      <Switch
        fallback={
          <Show when={!isPresence(props.condition.op)}>
            <ValuePicker
              label="Values"
              options={valuesOf(field(), props.names)}
              values={props.condition.values}
              onChange={(values) => props.onChange({ values })}
            />
          </Show>
        }
      >
        <Match when={field() === 'custom'}>
          <Show when={!isPresence(props.condition.op)}>
            <CustomValues {...props} field={custom()} />
          </Show>
        </Match>
        <Match when={field() === 'contact' && !isPresence(props.condition.op)}>
          <FoundPicker
            kind="contact"
            label="Contacts"
            names={props.names.contact}
            values={props.condition.values}
            onChange={(values) => props.onChange({ values })}
          />
        </Match>
        <Match when={isYesNo(field())}>
          <Select
            class="w-24"
            aria-label="Yes or no"
            value={props.condition.isYes ? 'yes' : 'no'}
            options={YES_NO}
            onChange={(answer) => props.onChange({ isYes: answer === 'yes' })}
          />
        </Match>
        <Match when={isWords(field())}>
          <Input
            class="min-w-48 flex-1"
            aria-label="Words"
            placeholder="vpn, password reset"
            value={props.condition.words}
            onInput={(event) => props.onChange({ words: event.currentTarget.value })}
          />
        </Match>
        <Match when={field() === 'hours'}>
          <Select
            class="w-44"
            aria-label="Calendar"
            value={props.condition.calendarId}
            options={[{ value: '', label: 'Choose…' }, ...props.names.hours]}
            onChange={(calendarId) => props.onChange({ calendarId })}
          />
        </Match>
      </Switch>
    </>
  );
}

/** What a custom field is compared with, by its type. */
function CustomValues(props: {
  condition: ConditionDraft;
  names: RuleNames;
  field: RuleField | undefined;
  onChange: Change;
}): JSX.Element {
  const isBound = () => ['at-least', 'at-most', 'before', 'after'].includes(props.condition.op);
  const type = () => props.field?.type ?? '';
  const found = (): FoundKind | undefined => {
    const of = type();
    return of === 'contact' || of === 'asset' ? of : undefined;
  };
  const list = (words: string): string[] => {
    const values = words.split(',').map((one) => one.trim());
    return values.filter((one) => one !== '');
  };
  return (
    <Switch
      fallback={
        <Input
          class="min-w-40 flex-1"
          aria-label="Values"
          placeholder={type() === 'number' ? '10' : type() === 'date' ? '2026-12-24' : 'words, more words'}
          type={type() === 'date' && isBound() ? 'date' : 'text'}
          value={props.condition.words}
          onInput={(event) => {
            const words = event.currentTarget.value;
            props.onChange({ words, values: isBound() ? [words.trim()] : list(words) });
          }}
        />
      }
    >
      <Match when={found()}>
        {(kind) => (
          <FoundPicker
            kind={kind()}
            label="Values"
            names={props.names[kind()]}
            values={props.condition.values}
            onChange={(values) => props.onChange({ values })}
          />
        )}
      </Match>
      <Match when={type() === 'choice' || type() === 'multi-choice'}>
        <ValuePicker
          label="Values"
          options={props.field?.choices ?? []}
          values={props.condition.values}
          onChange={(values) => props.onChange({ values })}
        />
      </Match>
      <Match when={type() === 'checkbox'}>
        <Select
          class="w-24"
          aria-label="Yes or no"
          value={props.condition.values[0] === undefined ? '' : props.condition.values[0] === 'true' ? 'yes' : 'no'}
          options={[{ value: '', label: '…' }, ...YES_NO]}
          onChange={(answer) => props.onChange({ values: answer === '' ? [] : [String(answer === 'yes')] })}
        />
      </Match>
    </Switch>
  );
}

function isPresence(op: string): boolean {
  return op === 'is-empty' || op === 'is-set';
}
