import { A, useNavigate, useSearchParams } from '@solidjs/router';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { createFilePicker } from './file-picker.tsx';
import { createFormFields } from './form-fields.tsx';
import { SuggestedArticles } from '#web/portal/knowledge/suggested-articles.tsx';
import { t } from '#web/language/language.ts';

const KINDS = ['incident', 'request'] as const;

const impacts = () => [
  { value: '3', label: t('newRequest.onlyMe') },
  { value: '2', label: t('newRequest.several') },
  { value: '1', label: t('newRequest.everyone') },
];

/** Tells the MSP what is wrong or wanted, in three questions. */
export function NewRequest(): JSX.Element {
  const { session } = useSession();
  const navigate = useNavigate();
  const [params] = useSearchParams<{ asset?: string; form?: string }>();
  const [kind, setKind] = createSignal<'incident' | 'request'>('incident');
  const [subject, setSubject] = createSignal('');
  const [body, setBody] = createSignal('');
  const [impact, setImpact] = createSignal('3');
  const [assetId, setAssetId] = createSignal(params.asset ?? '');
  const files = createFilePicker(() => session().client?.id ?? '');
  const assets = createRecordQuery({
    key: () => ['asset', 'list', 'portal-choices'],
    fetch: (signal) => api.assets.listAssets.query({ limit: 200 }, { signal }),
  });
  const forms = createRecordQuery({
    key: () => ['request-form', 'list', 'portal'],
    fetch: (signal) => api['request-forms'].listPortalForms.query({}, { signal }),
  });
  const [formId, setFormId] = createSignal(params.form ?? '');
  const form = () => forms.value()?.items.find((one) => one.id === formId());
  const asked = createFormFields(() => form()?.fields ?? []);
  const type = () => form()?.type ?? kind();
  const submit = createSubmit(async () => {
    const words = {
      subject: subject(),
      body: body(),
      impact: Number(impact()) as 1 | 2 | 3,
      ...(assetId() === '' ? {} : { assetId: assetId() }),
      fileIds: files.fileIds(),
    };
    const chosen = form();
    const { ticketId, number } =
      chosen === undefined
        ? await api.tickets.openPortalTicket.mutate({ type: type(), ...words })
        : await api['request-forms'].fillForm.mutate({ formId: chosen.id, values: asked.values(), ...words });
    await invalidateTopic('ticket');
    showDone(t('newRequest.received', { number }));
    navigate(`/requests/${ticketId}`, { replace: true });
  });
  const wrong = (field: string) => submit.problem()?.fields[field];
  return (
    <form
      // The kinds come first: with those of forms they would push all below down.
      class={`mx-auto w-full max-w-170 flex-col gap-6 ${forms.isLoading() ? 'hidden' : 'flex'}`}
      onSubmit={submit.onSubmit}
      novalidate
    >
      <h1 class="text-display font-semibold tracking-tight">{t('newRequest.title')}</h1>
      <fieldset class="grid gap-3 sm:grid-cols-2">
        <legend class="pb-2 font-medium">{t('newRequest.kind')}</legend>
        <For each={KINDS}>
          {(one) => (
            <KindChoice
              name={t(`newRequest.${one}`)}
              hint={t(`newRequest.${one}Hint`)}
              isChosen={formId() === '' && kind() === one}
              onChoose={() => {
                setFormId('');
                setKind(one);
              }}
            />
          )}
        </For>
        <For each={forms.value()?.items}>
          {(one) => (
            <KindChoice
              name={one.name}
              hint={one.description}
              isChosen={formId() === one.id}
              onChoose={() => setFormId(one.id)}
            />
          )}
        </For>
      </fieldset>
      <Field label={t('newRequest.subject')} isRequired error={wrong('subject')}>
        {(control) => (
          <Input
            {...control}
            maxlength={200}
            placeholder={t(`newRequest.${type()}Example`)}
            value={subject()}
            onInput={(event) => setSubject(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label={t(`newRequest.${type()}Body`)} isRequired error={wrong('body')}>
        {(control) => (
          <Textarea
            {...control}
            class="min-h-36"
            value={body()}
            onInput={(event) => setBody(event.currentTarget.value)}
          />
        )}
      </Field>
      <SuggestedArticles text={`${subject()} ${body()}`} />
      <div class="grid gap-5 sm:grid-cols-2">
        <Field label={t('newRequest.impact')} error={wrong('impact')}>
          {(control) => <Select {...control} options={impacts()} value={impact()} onChange={setImpact} />}
        </Field>
        <Show when={(assets.value()?.items.length ?? 0) > 0}>
          <Field label={t('newRequest.computer')} error={wrong('assetId')}>
            {(control) => (
              <Select
                {...control}
                options={[
                  { value: '', label: t('newRequest.noComputer') },
                  ...(assets.value()?.items ?? []).map((asset) => ({ value: asset.id, label: asset.name })),
                ]}
                value={assetId()}
                onChange={setAssetId}
              />
            )}
          </Field>
        </Show>
      </div>
      {asked.view((fieldId) => wrong(`values.${fieldId}`))}
      {files.view()}
      <FormProblem problem={submit.problem()} />
      <div class="flex flex-wrap gap-3">
        <Button type="submit" kind="primary" size="large" isBusy={submit.isBusy()} disabled={files.isBusy()}>
          {files.isBusy() ? t('newRequest.filesOnTheirWay') : t('newRequest.send')}
        </Button>
        <A href="/requests" class={buttonClass({ kind: 'quiet', size: 'large' })}>
          {t('newRequest.cancel')}
        </A>
      </div>
    </form>
  );
}

function KindChoice(props: { name: string; hint: string; isChosen: boolean; onChoose: () => void }): JSX.Element {
  return (
    <label class="transition-quick flex cursor-pointer items-start gap-3 rounded-card border border-line-control bg-surface p-4 has-checked:border-accent has-checked:bg-accent-soft">
      <input
        type="radio"
        name="type"
        class="mt-1 size-4 shrink-0 accent-accent"
        checked={props.isChosen}
        onChange={() => props.onChoose()}
      />
      <span class="font-semibold">
        {props.name}
        <span class="block text-small font-normal text-muted">{props.hint}</span>
      </span>
    </label>
  );
}
