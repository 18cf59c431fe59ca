import { METRICS } from './metric-names.ts';
import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { SEVERITIES, type Severity } from '#web/features/alerts/alert-words.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { previewWords, type Check } from './check-words.ts';

const SEVERITY_CHOICES = Object.entries(SEVERITIES).map(([value, { word }]) => ({ value, label: word }));
const COMPARISON_CHOICES = [
  { value: 'above', label: 'rises above' },
  { value: 'below', label: 'falls below' },
];
const METRIC_CHOICES = METRICS.map((metric) => ({ value: metric, label: metric }));

/** Adds a check, or changes one; says first what it would have done. */
export function CheckDialog(props: { check: Check | undefined; onClose: () => void }): JSX.Element {
  const isAbsence = (): boolean => props.check?.kind === 'absence';
  const [draft, setDraft] = createSignal({
    name: props.check?.name ?? '',
    metric: props.check?.metric ?? 'filesystem.used_percent',
    comparison: props.check?.comparison ?? ('above' as const),
    threshold: String(props.check?.threshold ?? 90),
    recoverThreshold: String(props.check?.recoverThreshold ?? 85),
    minutes: String((props.check?.forSeconds ?? 600) / 60),
    severity: props.check?.severity ?? ('warning' as const),
  });
  const change = (part: Partial<ReturnType<typeof draft>>): void =>
    void setDraft((current) => ({ ...current, ...part }));
  const rule = () => ({
    metric: draft().metric,
    labels: props.check?.labels ?? {},
    comparison: draft().comparison,
    threshold: Number(draft().threshold),
    recoverThreshold: Number(draft().recoverThreshold),
    forSeconds: Math.round(Number(draft().minutes) * 60),
  });
  const isPreviewable = (): boolean =>
    !isAbsence() && Object.values(rule()).every((value) => typeof value !== 'number' || Number.isFinite(value));
  const preview = createRecordQuery({
    key: () => ['metric', 'list', 'preview', rule()],
    isEnabled: isPreviewable,
    fetch: (signal) => api.monitoring.previewCheck.query(rule(), { signal }),
  });
  const submit = createSubmit(async () => {
    const { name, severity } = draft();
    const { threshold, recoverThreshold, forSeconds } = rule();
    if (props.check === undefined) await api.monitoring.createCheck.mutate({ ...rule(), name, severity });
    else {
      const about = { checkId: props.check.id as never, version: props.check.version, name, severity, forSeconds };
      await api.monitoring.updateCheck.mutate(isAbsence() ? about : { ...about, threshold, recoverThreshold });
    }
    await invalidateTopic('check');
    showDone(props.check === undefined ? `Added the check ${name}` : `Changed the check ${name}`);
    props.onClose();
  });
  const remove = createSubmit(async () => {
    if (props.check === undefined) return;
    await api.monitoring.deleteCheck.mutate({ checkId: props.check.id as never });
    await invalidateTopic('check');
    showDone(`Removed the check ${props.check.name}`);
    props.onClose();
  });
  const error = (field: string): string | undefined => submit.problem()?.fields[field];
  return (
    <Dialog
      isOpen
      onOpenChange={() => props.onClose()}
      title={props.check === undefined ? 'New check' : `Change ${props.check.name}`}
    >
      <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
        <FormProblem problem={submit.problem() ?? remove.problem()} />
        <Field label="Name" isRequired error={error('name')}>
          {(control) => (
            <Input
              {...control}
              value={draft().name}
              onInput={(event) => change({ name: event.currentTarget.value })}
              maxLength={120}
              autofocus
            />
          )}
        </Field>
        <Show when={!isAbsence()}>
          <RuleFields draft={draft()} isNew={props.check === undefined} onChange={change} error={error} />
        </Show>
        <div class="grid grid-cols-2 gap-4">
          <Field label="For how many minutes" isRequired error={error('forSeconds')}>
            {(control) => (
              <Input
                {...control}
                inputmode="decimal"
                value={draft().minutes}
                onInput={(event) => change({ minutes: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field label="Severity" error={error('severity')}>
            {(control) => (
              <Select
                {...control}
                value={draft().severity}
                onChange={(severity) => change({ severity: severity as Severity })}
                options={SEVERITY_CHOICES}
              />
            )}
          </Field>
        </div>
        <Show when={isPreviewable()}>
          <p role="status" class="min-h-5 text-muted">
            <Show when={preview.value()} fallback={preview.problem()?.message ?? 'Judging the last 7 days …'}>
              {(value) => previewWords(value())}
            </Show>
          </p>
        </Show>
        <div class="flex justify-end gap-2">
          <Show when={props.check}>
            <Button kind="danger" class="mr-auto" isBusy={remove.isBusy()} onClick={remove.run}>
              Remove
            </Button>
          </Show>
          <Button onClick={() => props.onClose()}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
            {props.check === undefined ? 'Add' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface RuleDraft {
  readonly metric: string;
  readonly comparison: 'above' | 'below';
  readonly threshold: string;
  readonly recoverThreshold: string;
}

/** What is measured and when it is bad. Metric and side stay as they are once a check is there: it would be another check. */
function RuleFields(props: {
  draft: RuleDraft;
  isNew: boolean;
  onChange: (part: Partial<RuleDraft>) => void;
  error: (field: string) => string | undefined;
}): JSX.Element {
  return (
    <div class="grid grid-cols-2 gap-4">
      <Field label="Metric" error={props.error('metric')}>
        {(control) => (
          <Select
            {...control}
            value={props.draft.metric}
            disabled={!props.isNew}
            onChange={(metric) => props.onChange({ metric })}
            options={METRIC_CHOICES}
          />
        )}
      </Field>
      <Field label="Fires when it" error={props.error('comparison')}>
        {(control) => (
          <Select
            {...control}
            value={props.draft.comparison}
            disabled={!props.isNew}
            onChange={(comparison) => props.onChange({ comparison: comparison as 'above' | 'below' })}
            options={COMPARISON_CHOICES}
          />
        )}
      </Field>
      <Field label="Threshold" isRequired error={props.error('threshold')}>
        {(control) => (
          <Input
            {...control}
            inputmode="decimal"
            value={props.draft.threshold}
            onInput={(event) => props.onChange({ threshold: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field
        label="Recovers at"
        isRequired
        error={props.error('recoverThreshold')}
        hint="On the good side of the threshold."
      >
        {(control) => (
          <Input
            {...control}
            inputmode="decimal"
            value={props.draft.recoverThreshold}
            onInput={(event) => props.onChange({ recoverThreshold: event.currentTarget.value })}
          />
        )}
      </Field>
    </div>
  );
}
