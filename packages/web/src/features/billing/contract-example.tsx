import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { minutesText, WORK_TYPES, type WorkType } from '#web/features/tickets/ticket-words.ts';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import type { NewLine } from './contract-form.ts';

type Example = Awaited<ReturnType<typeof api.time.rateExample.query>>;

/** What a piece of work would come to by the terms as they stand, computed by the rules that rate logged time: "22 min at 18:50 → 30 min billable at ×1.5: because …". */
export function ContractExample(props: { name: string; calendarId: string; lines: readonly NewLine[] }): JSX.Element {
  const [minutes, setMinutes] = createSignal('22');
  const [time, setTime] = createSignal('18:50');
  const [workType, setWorkType] = createSignal<WorkType>('onsite');
  const asked = () => ({
    name: props.name,
    calendarId: props.calendarId === '' ? null : (props.calendarId as never),
    lines: [...props.lines],
    workType: workType(),
    minutes: Number.parseInt(minutes(), 10) || 0,
    at: `${workingDay()}T${time()}`,
  });
  const example = createRecordQuery({
    key: () => ['time-entry', 'example', asked()],
    fetch: (signal) => api.time.rateExample.query(asked(), { signal }),
    isEnabled: () => props.lines.length > 0 && asked().minutes >= 1 && asked().minutes <= 1440 && time() !== '',
  });
  return (
    <section class="rounded-control border border-line bg-sunken px-3 py-2" aria-label="Example">
      <div class="flex flex-wrap items-center gap-2">
        <span class="text-muted">For example</span>
        <span class="w-14">
          <Input
            class="text-right tabular-nums"
            inputmode="numeric"
            aria-label="Minutes of the example"
            value={minutes()}
            onInput={(event) => setMinutes(event.currentTarget.value.replaceAll(/\D/g, '').slice(0, 4))}
          />
        </span>
        <span class="text-muted">min of</span>
        <Select
          class="w-32"
          aria-label="Kind of work of the example"
          value={workType()}
          onChange={(value) => setWorkType(value as WorkType)}
          options={WORK_TYPES.map((value) => ({ value, label: value }))}
        />
        <span class="text-muted">work on a working day at</span>
        <span class="w-28">
          <Input
            type="time"
            aria-label="Time of the example"
            value={time()}
            onInput={(event) => setTime(event.currentTarget.value)}
          />
        </span>
      </div>
      <div class="mt-1 min-h-10" role="status">
        <Show when={example.value()} fallback={<span class="text-muted">{example.problem()?.message ?? ''}</span>}>
          {(value) => (
            <>
              <span class="font-medium tabular-nums">{exampleText(value())}</span>{' '}
              <span class="text-muted">because {value().billableReason}</span>
              <Show when={value().parts.length > 1 || (value().parts[0]?.percent ?? 100) !== 100}>
                <ul class="text-muted">
                  <For each={value().parts}>{(part) => <li>{part.reason}</li>}</For>
                </ul>
              </Show>
            </>
          )}
        </Show>
      </div>
    </section>
  );
}

/** `22 min at 18:50 → 30 min billable at ×1.5:` */
export function exampleText(example: Example): string {
  const worked = `${minutesText(example.workedMinutes)} at ${example.startsAt.slice(11, 16)}`;
  if (example.billableMinutes === 0) return `${worked} → nothing billable:`;
  const percents = [...new Set(example.parts.filter((part) => part.billableMinutes > 0).map(({ percent }) => percent))];
  const at = percents.some((percent) => percent !== 100)
    ? ` at ${percents.map((percent) => `×${percent / 100}`).join(' and ')}`
    : '';
  return `${worked} → ${minutesText(example.billableMinutes)} billable${at}:`;
}

/** The next weekday, so that a calendar's hours can be told from what lies outside them. */
function workingDay(): string {
  const tomorrow = Temporal.Now.plainDateISO().add({ days: 1 });
  return tomorrow.add({ days: tomorrow.dayOfWeek > 5 ? 8 - tomorrow.dayOfWeek : 0 }).toString();
}
