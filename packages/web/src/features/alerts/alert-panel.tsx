import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { ClientName } from '#web/features/assets/client-name.tsx';
import { chartOfSeries } from '#web/features/monitoring/chart-groups.ts';
import { GroupChart } from '#web/features/monitoring/metric-charts.tsx';
import { AlertSource } from '#web/features/plugins/places/alert-source.tsx';
import { STATUSES, ticketLabel } from '#web/features/tickets/ticket-words.ts';
import { Button } from '#web/ui/button/button.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StateMark, StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { Timeline } from '#web/ui/timeline/timeline.tsx';
import { EVENTS, SEVERITIES, STATES, type AlertDetail } from './alert-words.ts';

/** An alert beside its list: what it is about, how the value went, what happened to it. */
export function AlertPanel(props: {
  alertId: string;
  canAcknowledge: boolean;
  onAcknowledge: () => void;
  onClose: () => void;
}): JSX.Element {
  const alert = createRecordQuery({
    key: () => ['alert', 'one', props.alertId],
    fetch: (signal) => api.alerts.getAlert.query({ alertId: props.alertId as never }, { signal }),
  });
  return (
    <SidePanel
      label={`Alert ${alert.value()?.title ?? ''}`}
      onClose={props.onClose}
      head={
        <Show when={alert.value()}>
          {(value) => (
            <>
              <StateMark state={SEVERITIES[value().severity].state} />
              <span>{SEVERITIES[value().severity].word}</span>
              <StatusPill state={STATES[value().state].state}>{STATES[value().state].word}</StatusPill>
            </>
          )}
        </Show>
      }
      foot={
        <Show when={props.canAcknowledge}>
          <Button kind="primary" shortcut="a" onClick={() => props.onAcknowledge()}>
            Acknowledge
          </Button>
        </Show>
      }
    >
      <Show when={alert.problem()}>
        {(problem) => <ErrorState title="The alert could not be loaded" problem={problem()} onRetry={alert.retry} />}
      </Show>
      <Show
        when={alert.value()}
        fallback={
          <Show when={alert.problem() === undefined}>
            <PanelSection>
              <SkeletonText lines={6} />
            </PanelSection>
          </Show>
        }
      >
        {(value) => <Loaded alert={value()} />}
      </Show>
    </SidePanel>
  );
}

function Loaded(props: { alert: AlertDetail }): JSX.Element {
  const scoped = useScopedHref();
  const { can } = useSession();
  const ticket = createRecordQuery({
    key: () => ['ticket', 'list', 'alert', props.alert.id],
    isEnabled: () => can('tickets.read-tickets'),
    fetch: async (signal) =>
      (await api.tickets.getTicketOfAlert.query({ alertId: props.alert.id as never }, { signal })).ticket,
  });
  const ticketItem = () => {
    const found = ticket.value();
    if (found === undefined || found === null) return [];
    const { number, subject, status } = found;
    const value = (
      <span class="flex items-baseline gap-2">
        <A class="font-medium hover:underline" href={scoped(`/tickets/${number}`)} title={subject}>
          {ticketLabel(number)}
        </A>
        <span class="text-muted">{STATUSES[status].label}</span>
      </span>
    );
    return [{ term: 'Ticket', value }];
  };
  return (
    <>
      <PanelSection>
        <h2 class="text-title font-semibold tracking-tight break-words">{props.alert.title}</h2>
        <p class="mb-3 break-words text-muted">{props.alert.message}</p>
        <DescriptionList
          items={[
            {
              term: 'Asset',
              value: (
                <Show when={props.alert.assetId}>
                  {(id) => (
                    <A class="font-medium hover:underline" href={scoped(`/assets/${id()}`)}>
                      {props.alert.assetName}
                    </A>
                  )}
                </Show>
              ),
            },
            { term: 'Client', value: <ClientName id={props.alert.clientId} /> },
            ...ticketItem(),
            { term: 'Opened', value: <RelativeTime iso={props.alert.openedAt} /> },
            ...(props.alert.acknowledgedBy === null
              ? []
              : [{ term: 'Looked after by', value: props.alert.acknowledgedBy }]),
            ...(props.alert.recoveredAt === null
              ? []
              : [{ term: 'Recovered', value: <RelativeTime iso={props.alert.recoveredAt} /> }]),
            ...(props.alert.occurrenceCount > 1
              ? [{ term: 'Seen', value: `${props.alert.occurrenceCount.toLocaleString()} times` }]
              : []),
          ]}
        />
      </PanelSection>
      <Show when={props.alert.series !== '' && props.alert.assetId !== null}>
        <PanelSection>
          <AlertChart alert={props.alert} />
        </PanelSection>
      </Show>
      <AlertSource alertId={props.alert.id} />
      <PanelSection>
        <h3 class="mb-2 font-semibold">What happened</h3>
        <Timeline
          label="What happened"
          entries={props.alert.timeline}
          mark={(entry) => <StateMark state={EVENTS[entry.kind].state} />}
        >
          {(entry) => (
            <>
              <div class="flex items-baseline justify-between gap-3">
                <span class="font-medium">{EVENTS[entry.kind].word}</span>
                <RelativeTime iso={entry.at} class="text-muted" />
              </div>
              <p class="break-words text-muted">{entry.message}</p>
            </>
          )}
        </Timeline>
      </PanelSection>
    </>
  );
}

/** The value from three hours before the alert opened to an hour after it was over, or now. */
function AlertChart(props: { alert: AlertDetail }): JSX.Element {
  const samples = createRecordQuery({
    key: () => ['metric', 'one', props.alert.assetId, 'alert', props.alert.id, props.alert.version],
    fetch: (signal) => {
      const now = Temporal.Now.instant();
      const from = Temporal.Instant.from(props.alert.openedAt).subtract({ hours: 3 });
      const end =
        props.alert.recoveredAt === null ? now : Temporal.Instant.from(props.alert.recoveredAt).add({ hours: 1 });
      const to = Temporal.Instant.compare(end, now) > 0 ? now : end;
      const range = { assetId: props.alert.assetId as never, series: [props.alert.series] };
      return api.monitoring.readRange.query({ ...range, from: from.toString(), to: to.toString() }, { signal });
    },
  });
  const threshold = () =>
    props.alert.threshold === null
      ? []
      : [
          {
            name: 'Threshold',
            metric: props.alert.series.split('{')[0] ?? '',
            threshold: props.alert.threshold,
            severity: props.alert.severity,
          },
        ];
  return (
    <Show
      when={samples.problem()}
      fallback={
        <GroupChart
          group={chartOfSeries(props.alert.series)}
          samples={samples.value()}
          checks={threshold()}
          label={`${props.alert.series} around this alert`}
        />
      }
    >
      {(problem) => <ErrorState title="The values could not be loaded" problem={problem()} onRetry={samples.retry} />}
    </Show>
  );
}
