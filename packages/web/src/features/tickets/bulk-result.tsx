import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { ProgressBar } from '#web/ui/progress-bar/progress-bar.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { undoMany, type BulkRun } from './bulk-run-source.ts';

const WATCH_MS = 1500;

/** How a change of many tickets went: opened from the bell. */
export function BulkResult(props: { runId: string | undefined; onClose: () => void }): JSX.Element {
  return (
    <Dialog
      isOpen={props.runId !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title="A change of many tickets"
    >
      <Show when={props.runId} keyed>
        {(runId) => <Result runId={runId} onClose={props.onClose} />}
      </Show>
    </Dialog>
  );
}

const STATES: Readonly<Record<BulkRun['state'], string>> = {
  running: 'Under way',
  stopped: 'Stopped',
  done: 'Done',
  undoing: 'Being taken back',
  undone: 'Taken back',
};

function Result(props: { runId: string; onClose: () => void }): JSX.Element {
  const run = createRecordQuery({
    key: () => ['bulk-run', 'one', props.runId],
    fetch: (signal) => api['ticket-bulk'].getRun.query({ runId: props.runId as never }, { signal }),
    refetchEveryMs: WATCH_MS,
  });
  const stop = createSubmit(async () => {
    await api['ticket-bulk'].stopRun.mutate({ runId: props.runId as never });
    run.retry();
  });
  const undo = createSubmit(async () => {
    props.onClose();
    await undoMany(props.runId);
  });
  return (
    <>
      <Show when={run.problem()}>
        {(problem) => <ErrorState title="It could not be loaded" problem={problem()} onRetry={run.retry} />}
      </Show>
      <Show when={run.value()} fallback={<SkeletonText lines={3} />}>
        {(value) => (
          <div class="flex flex-col gap-4">
            <p role="status">
              {STATES[value().state]}: {summary(value())} <span class="text-muted">By {value().byName}, </span>
              <RelativeTime iso={value().startedAt} class="text-muted" />
            </p>
            <Show when={value().reason}>{(reason) => <p class="text-warning-text">{reason()}</p>}</Show>
            <Show when={value().state === 'running' || value().state === 'undoing'}>
              <ProgressBar share={shareOf(value())} text={summary(value())} />
            </Show>
            <Reasons run={value()} />
            <div class="flex flex-wrap justify-end gap-2">
              <Show when={value().state === 'running'}>
                <Button isBusy={stop.isBusy()} onClick={stop.run}>
                  Stop here
                </Button>
              </Show>
              <Show when={(value().state === 'done' || value().state === 'stopped') && value().changed > 0}>
                <Button isBusy={undo.isBusy()} onClick={undo.run}>
                  Undo
                </Button>
              </Show>
              <Button kind="primary" onClick={() => props.onClose()}>
                Close
              </Button>
            </div>
          </div>
        )}
      </Show>
    </>
  );
}

function Reasons(props: { run: BulkRun }): JSX.Element {
  const scoped = useScopedHref();
  return (
    <ul class="divide-y divide-line">
      <For each={props.run.reasons}>
        {({ message, count, ticketNumbers }) => (
          <li class="py-1.5">
            <span class="tabular-nums">{count.toLocaleString()}</span> not: {message}{' '}
            <For each={ticketNumbers}>
              {(number) => (
                <>
                  <A class="font-mono text-[0.9375em] underline" href={scoped(`/tickets/${number}`)}>
                    T-{number}
                  </A>{' '}
                </>
              )}
            </For>
            {count > ticketNumbers.length ? '…' : ''}
          </li>
        )}
      </For>
    </ul>
  );
}

/** `changed 1,240, skipped 3, 12 left.` */
function summary(run: BulkRun): string {
  const parts = [
    ['changed', run.changed],
    ['skipped', run.skipped],
    ['taken back', run.undone],
    ['not taken back', run.kept],
    [run.state === 'running' ? 'to go' : 'left as they were', run.waiting],
  ] as const;
  const words = parts.filter(([, count]) => count > 0).map(([word, count]) => `${word} ${count.toLocaleString()}`);
  return `${words.length === 0 ? 'nothing yet' : words.join(', ')}.`;
}

/** How much of a run is behind it, from 0 to 1. */
function shareOf(run: BulkRun): number {
  const left = run.state === 'undoing' ? run.changed : run.waiting;
  return run.total === 0 ? 0 : 1 - left / run.total;
}
