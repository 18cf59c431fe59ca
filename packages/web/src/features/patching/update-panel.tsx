import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { useScope, useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { ClientName } from '#web/features/assets/client-name.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { count, DECISIONS, type Decision, type PatchStatus, type PendingUpdate } from './patch-words.ts';

/** One update: what it is, what holds, and which machines wait for it. */
export function UpdatePanel(props: {
  update: PendingUpdate;
  onClose: () => void;
  onDecide: (decision: Exclude<Decision, 'undecided'>) => void;
}): JSX.Element {
  const scope = useScope();
  const scoped = useScopedHref();
  const { can } = useSession();
  const machines = createListQuery<PatchStatus>({
    key: () => ['patch-status', 'list', 'waiting', props.update.id, scope.clientId],
    fetchPage: (cursor, signal) =>
      api.patching.listPatchStatus.query(
        {
          updateId: props.update.id,
          ...(scope.clientId === undefined ? {} : { clientId: scope.clientId as never }),
          ...(cursor === undefined ? {} : { cursor }),
        },
        { signal },
      ),
  });
  return (
    <SidePanel
      label={`Update ${props.update.name}`}
      onClose={props.onClose}
      head={<span class="truncate-line">{props.update.isSecurity ? 'Security update' : 'Update'}</span>}
    >
      <PanelSection>
        <h2 class="text-title font-semibold tracking-tight break-words">{props.update.name}</h2>
        <p class="mb-3 font-mono text-[0.9375em] break-all text-muted">{props.update.version}</p>
        <DescriptionList
          items={[
            {
              term: 'From',
              value: [props.update.manager, props.update.origin].filter((part) => part !== '').join(' · '),
            },
            { term: 'Waits since', value: <RelativeTime iso={props.update.waitingSince} /> },
            {
              term: 'Waits on',
              value: `${count(props.update.assetCount, 'machine')} of ${count(props.update.clientCount, 'client')}`,
            },
          ]}
        />
      </PanelSection>
      <PanelSection>
        <div class="flex flex-wrap items-center gap-2">
          <StatusPill state={DECISIONS[props.update.decision ?? 'undecided'].state} hasMark>
            {DECISIONS[props.update.decision ?? 'undecided'].word} for all clients
          </StatusPill>
          <Show when={props.update.decidedBy}>{(by) => <span class="text-muted">by {by()}</span>}</Show>
        </div>
        <Show when={props.update.reason}>{(reason) => <p class="mt-2">{reason()}</p>}</Show>
        <p class="mt-2 text-muted">
          Approved on {props.update.approvedAssetCount.toLocaleString()} of {count(props.update.assetCount, 'machine')}.
        </p>
        <Show when={can('patching.decide-updates')}>
          <div class="mt-3 flex flex-wrap gap-2">
            <Button kind="primary" onClick={() => props.onDecide('approve')}>
              Approve…
            </Button>
            <Button onClick={() => props.onDecide('defer')}>Defer…</Button>
            <Button kind="danger" onClick={() => props.onDecide('reject')}>
              Reject…
            </Button>
          </div>
        </Show>
      </PanelSection>
      <PanelSection>
        <h3 class="mb-2 font-semibold">Machines that wait</h3>
        <Show when={!machines.isLoading()} fallback={<SkeletonText />}>
          <ul class="flex flex-col gap-1.5">
            <For each={machines.items()}>
              {(machine) => (
                <li class="flex items-center justify-between gap-3">
                  <A
                    class="truncate-line font-medium hover:underline"
                    href={scoped(`/assets/${machine.assetId}?tab=updates`)}
                  >
                    {machine.assetName}
                  </A>
                  <ClientName id={machine.clientId} class="text-muted" />
                </li>
              )}
            </For>
          </ul>
          <Show when={machines.hasMore()}>
            <Button class="mt-2" size="small" onClick={machines.loadMore} isBusy={machines.isLoadingMore()}>
              More machines
            </Button>
          </Show>
        </Show>
      </PanelSection>
    </SidePanel>
  );
}
