import type { inferRouterOutputs } from '@trpc/server';
import { createSignal, For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { refreshRules, type Calendar } from './sla-source.ts';

type Outputs = inferRouterOutputs<AppRouter>['holiday-feeds'];
type Feed = Outputs['listFeeds']['items'][number];
type Preview = Outputs['previewFeed'];

/** As many days as tell whether it is the right feed. */
const SHOWN = 5;

/** The holiday feed that a calendar follows. What is done here is done at once, and makes the next version of the calendar. */
export function CalendarFeed(props: { calendarId: Calendar['id']; onDone: () => void }): JSX.Element {
  const query = createRecordQuery({
    key: () => ['sla', 'list', 'feeds'],
    fetch: (signal) => api['holiday-feeds'].listFeeds.query({}, { signal }),
  });
  const feed = () => query.value()?.items.find((one) => one.calendarId === props.calendarId);
  return (
    <fieldset class="flex flex-col gap-2">
      <legend class="mb-1 font-medium">Holiday feed</legend>
      <FormProblem problem={query.problem()} />
      <Show
        when={feed()}
        fallback={
          <Show when={query.value()}>
            <Subscribe calendarId={props.calendarId} onDone={props.onDone} />
          </Show>
        }
      >
        {(one) => <Followed feed={one()} onDone={props.onDone} />}
      </Show>
    </fieldset>
  );
}

function Followed(props: { feed: Feed; onDone: () => void }): JSX.Element {
  const about = () => ({ calendarId: props.feed.calendarId });
  const look = createSubmit(async () => {
    try {
      await api['holiday-feeds'].refresh.mutate(about());
    } finally {
      await refreshRules();
    }
    showDone('The feed was read. Open tickets follow it.');
    props.onDone();
  });
  const leave = createSubmit(async () => {
    await api['holiday-feeds'].unsubscribe.mutate(about());
    await refreshRules();
    showDone('The calendar follows the feed no more. Its holidays stay.');
  });
  return (
    <>
      <p class="break-all text-muted">{props.feed.url}</p>
      <p>
        {props.feed.holidays === 1 ? '1 holiday' : `${props.feed.holidays} holidays`}, last read{' '}
        <RelativeTime iso={props.feed.succeededAt} />. It is looked at once a day.
      </p>
      <Show when={props.feed.problem}>
        {(problem) => (
          <p class="text-critical-text">The last look failed: {problem()} The holidays stay as they are.</p>
        )}
      </Show>
      <FormProblem problem={leave.problem()} />
      <div class="flex gap-2">
        <Button size="small" isBusy={look.isBusy()} onClick={look.run}>
          Look now
        </Button>
        <Button size="small" isBusy={leave.isBusy()} onClick={leave.run}>
          Unsubscribe
        </Button>
      </div>
    </>
  );
}

function Subscribe(props: { calendarId: Calendar['id']; onDone: () => void }): JSX.Element {
  const [url, setUrl] = createSignal('');
  const [preview, setPreview] = createSignal<Preview>();
  const look = createSubmit(async () => {
    setPreview(undefined);
    setPreview(await api['holiday-feeds'].previewFeed.mutate({ url: url().trim() }));
  });
  const subscribe = createSubmit(async () => {
    await api['holiday-feeds'].subscribe.mutate({ calendarId: props.calendarId, url: url().trim() });
    await refreshRules();
    showDone('The calendar follows the feed. Open tickets follow the calendar.');
    props.onDone();
  });
  return (
    <>
      <Field
        label="Address"
        hint="An iCalendar feed by https, such as that of public holidays. Its days become holidays of this calendar."
        error={look.problem()?.fields['url'] ?? subscribe.problem()?.fields['url']}
      >
        {(control) => (
          <Input
            {...control}
            type="url"
            placeholder="https://"
            maxLength={2000}
            value={url()}
            onInput={(event) => {
              setUrl(event.currentTarget.value);
              setPreview(undefined);
            }}
          />
        )}
      </Field>
      <FormProblem problem={look.problem() ?? subscribe.problem()} fields={['url']} />
      <Show when={preview()}>{(found) => <Found preview={found()} />}</Show>
      <div class="flex gap-2">
        <Button size="small" isBusy={look.isBusy()} onClick={look.run}>
          Preview
        </Button>
        <Show when={preview()}>
          <Button size="small" isBusy={subscribe.isBusy()} onClick={subscribe.run}>
            Subscribe
          </Button>
        </Show>
      </div>
    </>
  );
}

function Found(props: { preview: Preview }): JSX.Element {
  const left = (): number => props.preview.holidays.length - SHOWN;
  return (
    <div role="status" class="text-muted">
      <p>
        {props.preview.holidays.length === 1 ? '1 holiday' : `${props.preview.holidays.length} holidays`}
        {props.preview.passedOver.length === 0 ? '' : `; ${props.preview.passedOver.length} events are passed over`}:
      </p>
      <ul>
        <For each={props.preview.holidays.slice(0, SHOWN)}>
          {(day) => (
            <li>
              <span class="tabular-nums">{day.date}</span> {day.name} {day.yearly ? '(every year)' : ''}
            </li>
          )}
        </For>
      </ul>
      <Show when={left() > 0}>and {left()} more</Show>
    </div>
  );
}
