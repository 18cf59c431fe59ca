import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { t } from '#web/language/language.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';

const FACES = [
  { score: 1, face: '😠' },
  { score: 2, face: '🙁' },
  { score: 3, face: '😐' },
  { score: 4, face: '🙂' },
  { score: 5, face: '😀' },
] as const;

type Asked = NonNullable<Awaited<ReturnType<typeof api.satisfaction.getPortalRating.query>>['rating']>;

/** How the reader was served, where they were asked: the same question as that of the mail. */
export function Rating(props: { ticketId: string }): JSX.Element {
  const asked = createRecordQuery({
    key: () => ['satisfaction', 'one', 'portal', props.ticketId],
    fetch: async (signal) =>
      (await api.satisfaction.getPortalRating.query({ ticketId: props.ticketId as never }, { signal })).rating,
  });
  return <Show when={asked.value()}>{(rating) => <Faces rating={rating()} />}</Show>;
}

function Faces(props: { rating: Asked }): JSX.Element {
  const [score, setScore] = createSignal(props.rating.score);
  const [comment, setComment] = createSignal(props.rating.comment);
  const submit = createSubmit(async () => {
    const chosen = score();
    if (chosen === null) return;
    await api.satisfaction.rateInPortal.mutate({ ratingId: props.rating.id, score: chosen, comment: comment() });
    await invalidateTopic('satisfaction');
    showDone(t('rating.thanks'));
  });
  const isOpen = () => props.rating.isChangeable;
  return (
    <form class="rounded-card border border-line bg-surface p-5" onSubmit={submit.onSubmit} novalidate>
      <fieldset disabled={!isOpen()}>
        <legend class="font-semibold">{t('rating.how')}</legend>
        <div class="grid grid-cols-5 gap-2 pt-3 max-sm:grid-cols-3">
          <For each={FACES}>
            {(one) => (
              <label class="transition-quick flex min-w-0 cursor-pointer flex-col items-center gap-1 rounded-card border border-line-control px-1 py-3 text-center text-small has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-focus">
                <input
                  type="radio"
                  name="score"
                  class="sr-only"
                  checked={score() === one.score}
                  onChange={() => setScore(one.score)}
                />
                <span class="text-[1.75rem] leading-none" aria-hidden="true">
                  {one.face}
                </span>
                <span class="break-words">{t(`rating.face${one.score}`)}</span>
              </label>
            )}
          </For>
        </div>
      </fieldset>
      <Show when={isOpen()} fallback={<p class="pt-3 text-muted">{comment()}</p>}>
        <div class="flex flex-col gap-3 pt-4">
          <Field label={t('rating.comment')} error={submit.problem()?.fields['comment']}>
            {(control) => (
              <Textarea
                {...control}
                maxlength={2000}
                value={comment()}
                onInput={(event) => setComment(event.currentTarget.value)}
              />
            )}
          </Field>
          <FormProblem problem={submit.problem()} />
          <Button type="submit" class="self-start" isBusy={submit.isBusy()} disabled={score() === null}>
            {t('rating.send')}
          </Button>
        </div>
      </Show>
    </form>
  );
}
