import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import type { DraftKind } from '#web/features/replies/draft.ts';
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
      <Tabs
        label="Write"
        value={props.kind}
        onChange={(value) => props.onKind(value as DraftKind)}
        items={[
          { value: 'reply', label: 'Reply' },
          { value: 'note', label: 'Internal note' },
        ]}
      />
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
          <span class="ml-auto text-[0.9375em] text-muted tabular-nums max-md:hidden">
            {minutesText(value().workedMinutes)} worked, {minutesText(value().billableMinutes)} billable
          </span>
        )}
      </Show>
    </div>
  );
}
