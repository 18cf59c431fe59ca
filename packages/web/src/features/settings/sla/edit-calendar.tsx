import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { zones } from '../zones.ts';
import { CalendarFeed } from './calendar-feed.tsx';
import { refreshRules, type Calendar } from './sla-source.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

interface Values {
  name: string;
  zone: string;
  windows: { days: string[]; from: string; to: string }[];
  holidays: { date: string; yearly: boolean }[];
}

/** Makes a calendar, or the next version of one. */
export function EditCalendar(props: { calendar: Calendar | 'new' | undefined; onClose: () => void }): JSX.Element {
  return (
    <Dialog
      isOpen={props.calendar !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={props.calendar === 'new' ? 'New business calendar' : 'Business calendar'}
      description="Hours in the calendar’s own zone; 24:00 is the end of a day."
      width="wide"
    >
      <Show when={props.calendar} keyed>
        {(calendar) => <CalendarForm calendar={calendar === 'new' ? undefined : calendar} onClose={props.onClose} />}
      </Show>
    </Dialog>
  );
}

function CalendarForm(props: { calendar: Calendar | undefined; onClose: () => void }): JSX.Element {
  const [values, set] = createStore<Values>(valuesOf(props.calendar));
  const submit = createSubmit(async () => {
    const input = {
      name: values.name,
      zone: values.zone,
      windows: values.windows.map((window) => ({ ...window, days: [...window.days] })),
      holidays: values.holidays.map((holiday) => ({ ...holiday })),
    };
    if (props.calendar === undefined) await api.sla.createCalendar.mutate(input);
    else {
      const { id: calendarId, version } = props.calendar;
      await api.sla.updateCalendar.mutate({ ...input, calendarId, version });
    }
    await refreshRules();
    showDone(`${values.name} was saved. Open tickets follow it.`);
    props.onClose();
  });
  const errors = () => submit.problem()?.fields ?? {};
  const errorsOf = (list: string, index: number): string | undefined =>
    Object.entries(errors())
      .find(([path]) => `${path}.`.startsWith(`${list}.${index}.`))?.[1]
      .replace(/windows\[(\d+)\]/, (_, place) => `line ${Number(place) + 1}`);
  const toggle = (index: number, day: string, isOn: boolean): void =>
    set('windows', index, 'days', (days) =>
      DAYS.filter((one) => (one === day ? isOn : days.includes(one))).map((one): string => one),
    );
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} fields={Object.keys(errors())} />
      <div class="grid grid-cols-2 gap-4">
        <Field label="Name" isRequired error={errors()['name']}>
          {(control) => (
            <Input
              {...control}
              required
              maxLength={80}
              value={values.name}
              onInput={(event) => set('name', event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Time zone" error={errors()['zone']}>
          {(control) => (
            <Select
              {...control}
              value={values.zone}
              onChange={(zone) => set('zone', zone)}
              options={zones(values.zone)}
            />
          )}
        </Field>
      </div>
      <Rows
        title="Open"
        add="Add hours"
        onAdd={() =>
          set('windows', (all) => [...all, { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' }])
        }
      >
        <For each={values.windows}>
          {(window, index) => (
            <li>
              <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
                <For each={DAYS}>
                  {(day) => (
                    <Checkbox
                      label={day}
                      isChecked={window.days.includes(day)}
                      onChange={(isOn) => toggle(index(), day, isOn)}
                    />
                  )}
                </For>
                <For each={['from', 'to'] as const}>
                  {(end) => (
                    <Input
                      class="max-w-18"
                      aria-label={end === 'from' ? 'From' : 'To'}
                      value={window[end]}
                      onInput={(event) => set('windows', index(), end, event.currentTarget.value)}
                    />
                  )}
                </For>
                <IconButton
                  icon={X}
                  label="Remove these hours"
                  onClick={() => set('windows', (all) => all.filter((_, place) => place !== index()))}
                />
              </div>
              <RowError text={errorsOf('windows', index())} />
            </li>
          )}
        </For>
      </Rows>
      <Rows
        title="Holidays"
        add="Add a holiday"
        onAdd={() => set('holidays', (all) => [...all, { date: '', yearly: false }])}
      >
        <For each={values.holidays}>
          {(holiday, index) => (
            <li>
              <div class="flex items-center gap-3">
                <Input
                  type="date"
                  class="max-w-40"
                  required
                  aria-label="Date"
                  value={holiday.date}
                  onInput={(event) => set('holidays', index(), 'date', event.currentTarget.value)}
                />
                <Checkbox
                  label="Every year"
                  isChecked={holiday.yearly}
                  onChange={(isOn) => set('holidays', index(), 'yearly', isOn)}
                />
                <IconButton
                  icon={X}
                  label="Remove this holiday"
                  onClick={() => set('holidays', (all) => all.filter((_, place) => place !== index()))}
                />
              </div>
              <RowError text={errorsOf('holidays', index())} />
            </li>
          )}
        </For>
      </Rows>
      <HolidayFile known={values.holidays} onRead={(fresh) => set('holidays', (all) => [...all, ...fresh])} />
      <Show when={props.calendar?.id}>
        {(calendarId) => <CalendarFeed calendarId={calendarId()} onDone={() => props.onClose()} />}
      </Show>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Save
        </Button>
      </div>
    </form>
  );
}

/** Adds the whole days of an iCalendar file that are not holidays yet; saving makes them so. */
function HolidayFile(props: {
  known: readonly { date: string; yearly: boolean }[];
  onRead: (fresh: { date: string; yearly: boolean }[]) => void;
}): JSX.Element {
  const [told, setTold] = createSignal('');
  let file: File | undefined;
  const reading = createSubmit(async () => {
    if (file === undefined) return;
    setTold('');
    const { holidays, passedOver } = await api.sla.readHolidays.mutate({ text: await file.text() });
    const known = new Set(props.known.map(({ date, yearly }) => `${date}${String(yearly)}`));
    const fresh = holidays.filter(({ date, yearly }) => !known.has(`${date}${String(yearly)}`));
    props.onRead(fresh.map(({ date, yearly }) => ({ date, yearly })));
    const first = passedOver[0];
    setTold(
      `${fresh.length} holidays were added. ${first === undefined ? '' : `${passedOver.length} events were passed over; line ${first.line} ${first.reason}.`}`,
    );
  });
  return (
    <>
      <label class="flex flex-wrap items-center gap-2">
        Add the whole days of an iCalendar file (.ics)
        <input
          type="file"
          accept=".ics,text/calendar"
          onChange={(event) => {
            file = event.currentTarget.files?.[0];
            reading.run();
          }}
        />
      </label>
      <FormProblem problem={reading.problem()} />
      <p role="status" class="text-muted empty:hidden">
        {told()}
      </p>
    </>
  );
}

function Rows(props: { title: string; add: string; onAdd: () => void; children: JSX.Element }): JSX.Element {
  return (
    <fieldset>
      <legend class="font-medium">{props.title}</legend>
      <ul class="my-1 flex flex-col gap-2">{props.children}</ul>
      <Button size="small" icon={Plus} onClick={() => props.onAdd()}>
        {props.add}
      </Button>
    </fieldset>
  );
}

function RowError(props: { text: string | undefined }): JSX.Element {
  return <Show when={props.text}>{(text) => <p class="text-critical-text">{text()}</p>}</Show>;
}

function valuesOf(calendar: Calendar | undefined): Values {
  if (calendar === undefined)
    return {
      name: '',
      zone: Temporal.Now.timeZoneId(),
      windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' }],
      holidays: [],
    };
  return {
    name: calendar.name,
    zone: calendar.zone,
    windows: calendar.windows.map((window) => ({ ...window, days: [...window.days] })),
    holidays: calendar.holidays.map(({ date, yearly }) => ({ date, yearly })),
  };
}
