import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { buttonClass } from '#web/ui/button/button.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { entityWords, SCOPE_STATES, type ConnectionDetail } from './plugin-words.ts';

/** How a connection does, in numbers that lead on. */
export function ConnectionOverview(props: { connection: ConnectionDetail }): JSX.Element {
  const id = () => props.connection.id;
  const scopes = createRecordQuery({
    key: () => ['plugin-scope', 'list', 'counts', id()],
    fetch: (signal) => api['plugin-scopes'].countScopes.query({ connectionId: id() }, { signal }),
  });
  const records = createRecordQuery({
    key: () => ['plugin-connection', 'one', id(), 'records'],
    fetch: (signal) => api['plugin-sync'].countRecords.query({ connectionId: id() }, { signal }),
  });
  const states = () =>
    Object.entries(scopes.value()?.byState ?? {}).filter(
      (entry): entry is [keyof typeof SCOPE_STATES, number] => entry[1] > 0,
    );
  return (
    <div class="flex min-h-0 flex-1 flex-col gap-6 overflow-y-auto p-4">
      <Show when={props.connection.pausedUntil}>
        {(until) => (
          <p class="rounded-control bg-warning-soft p-3 text-warning-text">
            The vendor does not answer. Calls rest, and are tried again <RelativeTime iso={until()} />.
          </p>
        )}
      </Show>
      <For each={props.connection.warnings}>
        {(warning) => <p class="rounded-control bg-warning-soft p-3 text-warning-text">{warning}</p>}
      </For>
      <section>
        <h2 class="pb-2 text-title font-semibold">What it reaches</h2>
        <Show when={(scopes.value()?.total ?? 0) > 0} fallback={<p class="text-muted">No scope is known yet.</p>}>
          <ul class="flex flex-wrap gap-2">
            <For each={states()}>
              {([state, count]) => (
                <li>
                  <StatusPill state={SCOPE_STATES[state].state}>
                    {count} {SCOPE_STATES[state].word.toLowerCase()}
                  </StatusPill>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </section>
      <section>
        <h2 class="pb-2 text-title font-semibold">What was read</h2>
        <Show when={(records.value()?.length ?? 0) > 0} fallback={<p class="text-muted">Nothing yet.</p>}>
          <table class="text-left">
            <thead class="text-muted">
              <tr>
                <th class="pr-8 pb-1 font-medium">Records</th>
                <th class="pr-8 pb-1 text-right font-medium">Now</th>
                <th class="pb-1 text-right font-medium">In quarantine</th>
              </tr>
            </thead>
            <tbody class="tabular-nums">
              <For each={records.value()}>
                {(row) => (
                  <tr>
                    <td class="pr-8">{entityWords(row.entity)}</td>
                    <td class="pr-8 text-right">{row.count}</td>
                    <td class="text-right">{row.quarantined}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </Show>
      </section>
      <Calls connection={props.connection} />
      <Show when={props.connection.webhooks.length > 0}>
        <Webhooks connection={props.connection} />
      </Show>
    </div>
  );
}

function Calls(props: { connection: ConnectionDetail }): JSX.Element {
  return (
    <section>
      <h2 class="pb-2 text-title font-semibold">How its calls go</h2>
      <Show when={props.connection.calls.length > 0} fallback={<p class="text-muted">No call was made yet.</p>}>
        <ul class="flex flex-col gap-1">
          <For each={props.connection.calls}>
            {(call) => (
              <li class="flex flex-wrap gap-x-3">
                <span class="w-50 font-medium">{call.label}</span>
                <span class="text-muted tabular-nums">
                  {call.calls} {call.calls === 1 ? 'call' : 'calls'}, {call.failures} failed
                </span>
                <Show when={call.succeededAt}>
                  {(at) => (
                    <span class="text-muted">
                      worked <RelativeTime iso={at()} />
                    </span>
                  )}
                </Show>
                <Show when={call.failuresInRow > 0 && call.message !== null}>
                  <span class="text-critical-text">{call.message}</span>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}

/** That there is more to set up at the vendor. */
function Webhooks(props: { connection: ConnectionDetail }): JSX.Element {
  return (
    <section>
      <h2 class="pb-2 text-title font-semibold">What the vendor tells by itself</h2>
      <p class="pb-2 text-muted">
        {props.connection.webhooks.map(({ label }) => label).join(', ')}. The vendor has to be told where to deliver.
      </p>
      <A class={buttonClass({ size: 'small' })} href={`/connections/${props.connection.id}?tab=deliveries`}>
        Set it up
      </A>
    </section>
  );
}
