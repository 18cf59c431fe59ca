import { Show, Suspense, lazy } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import type { DraftKind } from '#web/features/replies/draft.ts';
import type { Submit } from '#web/app/auth/create-submit.ts';
import { Button } from '#web/ui/button/button.tsx';
import type { RichEditorApi } from '#web/ui/rich-editor/editor-api.ts';
import type { EditorTrigger } from '#web/ui/rich-editor/make-editor.ts';
import { RichEditor } from '#web/ui/rich-editor/rich-editor.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { minutesText, WORK_TYPES, type TicketDetail, type WorkType } from './ticket-words.ts';

/** What the work took, unless the timer runs here. */
export function TimeFields(props: {
  isTimerHere: boolean;
  minutes: string;
  workType: WorkType;
  onMinutes: (minutes: string) => void;
  onWorkType: (workType: WorkType) => void;
}): JSX.Element {
  return (
    <Show
      when={!props.isTimerHere}
      fallback={<span class="text-[0.9375em] text-muted">The timer runs; stopping it logs the time.</span>}
    >
      <span class="w-16">
        <Input
          class="text-right tabular-nums"
          inputmode="numeric"
          aria-label="Minutes worked"
          placeholder="min"
          value={props.minutes}
          onInput={(event) => props.onMinutes(event.currentTarget.value.replaceAll(/\D/g, '').slice(0, 4))}
        />
      </span>
      <Select
        class="w-32"
        aria-label="Kind of work"
        value={props.workType}
        onChange={(value) => props.onWorkType(value as WorkType)}
        options={WORK_TYPES.map((value) => ({ value, label: value[0]?.toUpperCase() + value.slice(1) }))}
      />
    </Show>
  );
}

const RatingLine = lazy(async () => ({
  default: (await import('#web/features/time/rating-preview.tsx')).RatingLine,
}));

/** What the minutes come to before they are sent, and why; its place is kept, so that nothing moves as one types. */
export function TimeWorth(props: { ticketId: TicketDetail['id']; minutes: number; workType: WorkType }): JSX.Element {
  return (
    <div class="h-5">
      <Show when={props.minutes >= 1}>
        <Suspense>
          <RatingLine work={{ ticketId: props.ticketId }} minutes={props.minutes} workType={props.workType} />
        </Suspense>
      </Show>
    </div>
  );
}

/** Whom one writes to, whether it is kept, and the time so far. */
export function ComposerHead(props: {
  kind: DraftKind;
  onKind: (kind: DraftKind) => void;
  ticketId: TicketDetail['id'];
  draft: 'empty' | 'unsaved' | 'saved';
}): JSX.Element {
  const time = createRecordQuery({
    key: () => ['time-entry', 'list', 'ticket', props.ticketId],
    fetch: (signal) => api.time.listTicketTime.query({ ticketId: props.ticketId }, { signal }),
  });
  return (
    <div class="-mt-2 flex items-center gap-2">
      <div class="shrink-0">
        <Tabs
          label="Write"
          value={props.kind}
          onChange={(value) => props.onKind(value as DraftKind)}
          items={[
            { value: 'reply', label: 'Reply' },
            { value: 'note', label: 'Internal note' },
          ]}
        />
      </div>
      <span
        class="inline-flex shrink-0 items-center rounded-tag px-1.5 text-[0.9375em]"
        classList={{
          'bg-warning-soft text-warning-text': props.kind === 'note',
          'bg-accent-soft text-accent-text': props.kind === 'reply',
        }}
      >
        {props.kind === 'note' ? 'Only colleagues see this' : 'The client sees this'}
      </span>
      <Show when={props.draft !== 'empty'}>
        <span class="text-[0.9375em] text-muted max-md:hidden">{props.draft === 'saved' ? 'Draft kept' : 'Draft'}</span>
      </Show>
      <Show when={time.value()}>
        {(value) => (
          <span
            class="truncate-line ml-auto min-w-0 text-[0.9375em] text-muted tabular-nums max-md:hidden"
            title={`${minutesText(value().workedMinutes)} worked, ${minutesText(value().billableMinutes)} billable`}
          >
            {minutesText(value().workedMinutes)} worked, {minutesText(value().billableMinutes)} billable
          </span>
        )}
      </Show>
    </div>
  );
}

/** The editor of a reply or of a note. */
export function ReplyEditor(props: {
  kind: DraftKind;
  /** Who reads a reply. */
  who: string;
  html: string;
  onChange: (html: string) => void;
  onSubmit: () => void;
  onFiles: (files: readonly File[]) => void;
  api: (api: RichEditorApi) => void;
  triggers: readonly EditorTrigger[];
}): JSX.Element {
  return (
    <RichEditor
      label={props.kind === 'reply' ? 'Reply' : 'Internal note'}
      class={props.kind === 'reply' ? '' : 'is-note'}
      placeholder={props.kind === 'reply' ? `Write to ${props.who}…` : 'Only colleagues read this…'}
      html={props.html}
      onChange={(html) => props.onChange(html)}
      onSubmit={() => props.onSubmit()}
      onFiles={(files) => props.onFiles(files)}
      api={(given) => props.api(given)}
      triggers={props.triggers}
    />
  );
}

/** Says which placeholders must be written over. */
export function OpenPlaceholders(props: { names: readonly string[] }): JSX.Element {
  return (
    <Show when={props.names.length > 0}>
      <p class="text-warning-text" role="status">
        Write over {props.names.map((name) => `{{${name}}}`).join(', ')} before this is sent: nothing is known for it
        here.
      </p>
    </Show>
  );
}

/** The ways to send; where a reply waits to go out, the way to have it go now. */
export function SendButtons(props: {
  isReply: boolean;
  isHeld: boolean;
  isOff: boolean;
  submits: Readonly<Record<'plain' | 'wait' | 'resolve', Submit>>;
  onMain: () => void;
  onNow: () => void;
}): JSX.Element {
  return (
    <span class="ml-auto flex flex-wrap justify-end gap-2">
      <Show
        when={props.isReply}
        fallback={
          <Button
            kind="primary"
            shortcut="mod+enter"
            isBusy={props.submits.plain.isBusy()}
            disabled={props.isOff}
            onClick={() => props.onMain()}
          >
            Add note
          </Button>
        }
      >
        <Show
          when={!props.isHeld}
          fallback={
            <Button kind="primary" shortcut="mod+enter" onClick={() => props.onNow()}>
              Send now
            </Button>
          }
        >
          <Button
            isBusy={props.submits.plain.isBusy()}
            disabled={props.isOff}
            onClick={() => props.submits.plain.run()}
          >
            Send
          </Button>
          <Button
            isBusy={props.submits.resolve.isBusy()}
            disabled={props.isOff}
            onClick={() => props.submits.resolve.run()}
          >
            Send and resolve
          </Button>
          <Button
            kind="primary"
            shortcut="mod+enter"
            isBusy={props.submits.wait.isBusy()}
            disabled={props.isOff}
            onClick={() => props.onMain()}
          >
            Send and wait
          </Button>
        </Show>
      </Show>
    </span>
  );
}
