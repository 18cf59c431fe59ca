import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { ListQuery } from '#web/app/query/create-list-query.ts';
import { Avatar } from '#web/ui/avatar/avatar.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Chart } from '#web/ui/chart/chart.tsx';
import { ClientDot } from '#web/ui/client-dot/client-dot.tsx';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Money } from '#web/ui/money/money.tsx';
import { Priority } from '#web/ui/priority/priority.tsx';
import type { PriorityLevel } from '#web/ui/priority/priority.tsx';
import { ProgressBar } from '#web/ui/progress-bar/progress-bar.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { Sparkline } from '#web/ui/sparkline/sparkline.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { SwitchToggle } from '#web/ui/switch-toggle/switch-toggle.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';

interface SampleRow {
  readonly id: string;
  readonly subject: string;
  readonly client: string;
  readonly level: PriorityLevel;
  readonly share: number;
}

const CLIENTS = ['Meridian Dental', 'Hartley & Sons', 'Oakfield Primary', 'Brightwater Law', 'Calder Freight'];
const SUBJECTS = [
  'Internet down at the head office',
  'Payroll share unreachable',
  'New starter on Monday: laptop and badge',
  'Outlook keeps asking for a password',
];
const ROWS: readonly SampleRow[] = Array.from({ length: 400 }, (_none, index) => ({
  id: `T-${4831 - index}`,
  subject: SUBJECTS[index % SUBJECTS.length] ?? '',
  client: CLIENTS[index % CLIENTS.length] ?? '',
  level: ((index % 4) + 1) as PriorityLevel,
  share: ((index * 37) % 100) / 100,
}));

const LIST: ListQuery<SampleRow> = {
  items: () => ROWS,
  total: () => ROWS.length,
  isLoading: () => false,
  isLoadingMore: () => false,
  hasMore: () => false,
  problem: () => undefined,
  loadMore: () => undefined,
  retry: () => undefined,
};

const STATES = ['critical', 'warning', 'ok', 'info', 'paused', 'unknown', 'neutral'] as const;
const TIMES = Array.from({ length: 120 }, (_none, index) => 1_790_000_000 + index * 60);

function SamplePanel(props: { id: string; onClose: () => void }): JSX.Element {
  const [isOn, setOn] = createSignal(true);
  const [choice, setChoice] = createSignal('p2');
  return (
    <SidePanel
      label={`Ticket ${props.id}`}
      head={<code>{props.id}</code>}
      onClose={props.onClose}
      foot={
        <Button kind="primary" shortcut="mod+enter">
          Send and wait
        </Button>
      }
    >
      <PanelSection>
        <h2 class="text-large font-semibold">Every component, as in a panel</h2>
        <div class="mt-2 flex flex-wrap gap-1.5">
          {STATES.map((state) => (
            <StatusPill state={state} hasMark>
              {state}
            </StatusPill>
          ))}
        </div>
      </PanelSection>
      <PanelSection>
        <div class="flex flex-wrap gap-2">
          <Button kind="primary" onClick={() => showDone('Ticket closed', { undo: () => undefined })}>
            Close
          </Button>
          <Button>Secondary</Button>
          <Button kind="quiet">Quiet</Button>
          <Button kind="danger">Remove</Button>
          <Button isBusy>Busy</Button>
          <Button disabled>Disabled</Button>
        </div>
      </PanelSection>
      <PanelSection>
        <div class="flex flex-col gap-3">
          <Field label="Subject" isRequired error="Say in a few words what is wrong.">
            {(control) => <Input {...control} />}
          </Field>
          <Field label="Priority">
            {(control) => (
              <Select
                {...control}
                options={[
                  { value: 'p1', label: 'P1 Critical' },
                  { value: 'p2', label: 'P2 High' },
                ]}
                value={choice()}
                onChange={setChoice}
              />
            )}
          </Field>
          <Field label="Note" hint="Seen by staff only.">
            {(control) => <Textarea {...control} />}
          </Field>
          <SwitchToggle label="Tell the client" isOn={isOn()} onChange={setOn} />
        </div>
      </PanelSection>
      <PanelSection>
        <Chart
          label="CPU"
          unit="%"
          range={[0, 100]}
          heightPx={150}
          times={TIMES}
          series={[
            {
              label: 'CPU',
              color: 1,
              isArea: true,
              values: TIMES.map((_time, index) => (index > 60 && index < 72 ? null : 40 + 30 * Math.sin(index / 9))),
            },
          ]}
          thresholds={[{ value: 85, label: 'critical at 85 %', state: 'critical' }]}
        />
        <Sparkline label="rising" values={[1, 2, 2, 3, null, 4, 6, 8]} /> <Money amountMinor={231_840} currency="GBP" />
      </PanelSection>
      <ErrorState
        title="The reply was not sent"
        problem={{ kind: 'offline', code: 'web.offline', message: 'The server cannot be reached.', fields: {} }}
        lost="Your text is still here."
      />
    </SidePanel>
  );
}

/** Every component in its states; in development only. */
export function Catalogue(): JSX.Element {
  const [view, setView] = createSignal('mine');
  const [openId, setOpenId] = createSignal<string | undefined>('T-4830');
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  return (
    <main class="flex h-dvh flex-col bg-surface">
      <ScreenHead
        title="Components"
        actions={
          <Button kind="primary" shortcut="c">
            New ticket
          </Button>
        }
      >
        <Tabs
          label="Views"
          items={[
            { value: 'mine', label: 'Mine', count: 14 },
            { value: 'open', label: 'All open', count: 187 },
          ]}
          value={view()}
          onChange={setView}
        />
      </ScreenHead>
      <div class="flex min-h-0 flex-1">
        <DataTable
          noun="tickets"
          list={LIST}
          rowId={(row) => row.id}
          rowLabel={(row) => `${row.id} ${row.subject}`}
          openId={openId()}
          onOpen={(row) => setOpenId(row.id)}
          selectedIds={chosen()}
          onSelect={setChosen}
          empty={<EmptyState title="No tickets">This is where work arrives.</EmptyState>}
          columns={[
            {
              key: 'priority',
              heading: 'Priority',
              isHeadingHidden: true,
              widthPx: 44,
              cell: (row) => <Priority level={row.level} />,
            },
            { key: 'number', heading: 'Number', widthPx: 76, cell: (row) => <code class="text-muted">{row.id}</code> },
            {
              key: 'subject',
              heading: 'Subject',
              cell: (row) => (
                <span class="truncate-line" title={row.subject}>
                  {row.subject}
                </span>
              ),
            },
            {
              key: 'client',
              heading: 'Client',
              widthPx: 160,
              from: 'md',
              cell: (row) => <ClientDot id={row.client} name={row.client} class="text-muted" />,
            },
            {
              key: 'due',
              heading: 'Next due',
              widthPx: 120,
              from: 'lg',
              cell: (row) => (
                <ProgressBar
                  share={row.share}
                  text={`${Math.round(row.share * 100)} % used`}
                  state={row.share > 0.8 ? 'critical' : 'ok'}
                  class="w-14"
                />
              ),
            },
            {
              key: 'who',
              heading: 'Assignee',
              isHeadingHidden: true,
              widthPx: 44,
              from: 'lg',
              cell: () => <Avatar name="Mira Kovac" />,
            },
          ]}
        />
        {openId() === undefined ? null : <SamplePanel id={openId() ?? ''} onClose={() => setOpenId(undefined)} />}
      </div>
    </main>
  );
}
