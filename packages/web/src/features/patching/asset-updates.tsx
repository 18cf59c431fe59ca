import ShieldCheck from 'lucide-solid/icons/shield-check';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StateMark, StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { DecideDialog } from './decide-dialog.tsx';
import { InstallDialog } from './install-dialog.tsx';
import { PackageResults } from './package-results.tsx';
import {
  count,
  DECISIONS,
  INSTALL_STATES,
  LEVELS,
  type AssetUpdate,
  type Decision,
  type Install,
  type PatchStatus,
} from './patch-words.ts';

/** What one machine waits for, what holds for each, and what was installed before. */
export function AssetUpdates(props: { assetId: string; assetName: string }): JSX.Element {
  const { can } = useSession();
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const [deciding, setDeciding] = createSignal<Exclude<Decision, 'undecided'>>();
  const [isInstalling, setInstalling] = createSignal(false);
  const query = createRecordQuery({
    key: () => ['patch-status', 'one', props.assetId],
    fetch: (signal) => api.patching.getAssetUpdates.query({ assetId: props.assetId as never }, { signal }),
  });
  const updates = (): readonly AssetUpdate[] => query.value()?.updates ?? [];
  const picked = (): readonly AssetUpdate[] => updates().filter((update) => chosen().has(update.updateId));
  const approvedCount = (): number => updates().filter((update) => update.decision === 'approve').length;
  const toggle = (id: string): void => {
    const next = new Set(chosen());
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <div class="flex flex-col gap-6 p-4">
      <Show when={query.problem()}>
        {(problem) => <ErrorState title="The updates could not be loaded" problem={problem()} onRetry={query.retry} />}
      </Show>
      <Show
        when={query.value()}
        fallback={
          <Show when={query.problem() === undefined}>
            <SkeletonText lines={5} />
          </Show>
        }
      >
        {(value) => (
          <section>
            <div class="mb-3 flex flex-wrap items-center gap-2">
              <Show
                when={value().status}
                fallback={
                  <EmptyState icon={ShieldCheck} title="This machine has not reported its updates">
                    The agent does so on systems whose package manager it knows.
                  </EmptyState>
                }
              >
                {(status) => <StatusLine status={status()} />}
              </Show>
              <div class="ml-auto flex flex-wrap gap-2">
                <Show when={can('patching.decide-updates') && picked().length > 0}>
                  <Button onClick={() => setDeciding('approve')}>Approve {picked().length}…</Button>
                  <Button onClick={() => setDeciding('defer')}>Defer…</Button>
                  <Button kind="danger" onClick={() => setDeciding('reject')}>
                    Reject…
                  </Button>
                </Show>
                <Show when={can('patching.install-updates') && approvedCount() > 0}>
                  <Button kind="primary" onClick={() => setInstalling(true)}>
                    Install {count(approvedCount(), 'approved update')}…
                  </Button>
                </Show>
              </div>
            </div>
            <Show when={updates().length > 0}>
              <ul class="rounded-card border border-line bg-surface" aria-label="Pending updates">
                <For each={updates()}>
                  {(update) => (
                    <UpdateLine
                      update={update}
                      isChosen={chosen().has(update.updateId)}
                      onToggle={can('patching.decide-updates') ? () => toggle(update.updateId) : undefined}
                    />
                  )}
                </For>
              </ul>
            </Show>
          </section>
        )}
      </Show>
      <Installs assetId={props.assetId} />
      <DecideDialog
        decision={deciding()}
        updates={picked().map((update) => ({ id: update.updateId, name: update.name, version: update.version }))}
        target={{ level: 'asset', assetId: props.assetId }}
        onClose={() => setDeciding(undefined)}
        onDone={() => setChosen(new Set<string>())}
      />
      <InstallDialog
        isOpen={isInstalling()}
        assetIds={[props.assetId]}
        onClose={() => setInstalling(false)}
        onOrdered={() => {}}
      />
    </div>
  );
}

function StatusLine(props: { status: PatchStatus }): JSX.Element {
  return (
    <>
      <Show
        when={props.status.error}
        fallback={
          <StatusPill
            state={props.status.securityCount > 0 ? 'critical' : props.status.pendingCount > 0 ? 'warning' : 'ok'}
            hasMark
          >
            {props.status.pendingCount === 0
              ? 'Up to date'
              : `${count(props.status.pendingCount, 'update')}, ${props.status.securityCount.toLocaleString()} for security`}
          </StatusPill>
        }
      >
        {(error) => (
          <StatusPill state="unknown" hasMark>
            The check failed: {error()}
          </StatusPill>
        )}
      </Show>
      <Show when={props.status.isRebootRequired}>
        <span title={props.status.rebootReasons.join(', ')}>
          <StatusPill state="warning">Restart needed</StatusPill>
        </span>
      </Show>
      <span class="text-muted">
        checked <RelativeTime iso={props.status.checkedAt} />
      </span>
    </>
  );
}

function UpdateLine(props: {
  update: AssetUpdate;
  isChosen: boolean;
  onToggle: (() => void) | undefined;
}): JSX.Element {
  return (
    <li class="flex min-h-(--row) flex-wrap items-center gap-x-3 border-b border-line px-3 py-1 last:border-b-0">
      <Show when={props.onToggle}>
        {(toggle) => (
          <Checkbox
            label={`Choose ${props.update.name}`}
            isLabelHidden
            isChecked={props.isChosen}
            onChange={() => toggle()()}
          />
        )}
      </Show>
      <span class="flex w-3 justify-center">
        <Show when={props.update.isSecurity}>
          <StateMark state="critical" label="security update" />
        </Show>
      </span>
      <span class="min-w-40 flex-1 truncate-line font-medium" title={props.update.origin}>
        {props.update.name}
      </span>
      <span class="font-mono text-[0.9375em] text-muted">
        {props.update.currentVersion === '' ? '' : `${props.update.currentVersion} → `}
        <span class="text-text">{props.update.version}</span>
      </span>
      <span
        class="flex w-52 items-center justify-end gap-2"
        title={[props.update.reason, props.update.decidedBy].filter((part) => part !== null && part !== '').join(' · ')}
      >
        <Show when={props.update.level !== 'automatic'}>
          <span class="text-small text-faint">{LEVELS[props.update.level]}</span>
        </Show>
        <StatusPill state={DECISIONS[props.update.decision].state}>{DECISIONS[props.update.decision].word}</StatusPill>
      </span>
    </li>
  );
}

function Installs(props: { assetId: string }): JSX.Element {
  const list = createListQuery<Install>({
    key: () => ['patch-install', 'list', 'asset', props.assetId],
    fetchPage: (cursor, signal) =>
      api.patching.listInstalls.query(
        { assetId: props.assetId as never, limit: 20, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  return (
    <Show when={list.items().length > 0}>
      <section>
        <h2 class="mb-2 font-semibold">Installations</h2>
        <ul class="rounded-card border border-line bg-surface">
          <For each={list.items()}>
            {(install) => (
              <li class="border-b border-line last:border-b-0">
                <details>
                  <summary class="flex min-h-(--row) cursor-default flex-wrap items-center gap-3 px-3 py-1 hover:bg-hover">
                    <StatusPill state={INSTALL_STATES[install.state].state} hasMark>
                      {INSTALL_STATES[install.state].word}
                    </StatusPill>
                    <span>{count(install.packages.length, 'update')}</span>
                    <span class="min-w-0 flex-1 truncate-line text-muted">{install.reason}</span>
                    <span class="text-muted">
                      {install.actorLabel}, <RelativeTime iso={install.createdAt} />
                    </span>
                  </summary>
                  <div class="border-t border-line px-3 py-3">
                    <Show when={install.message}>{(message) => <p class="mb-2">{message()}</p>}</Show>
                    <PackageResults packages={install.packages} />
                  </div>
                </details>
              </li>
            )}
          </For>
        </ul>
        <Show when={list.hasMore()}>
          <Button class="mt-2" size="small" onClick={list.loadMore} isBusy={list.isLoadingMore()}>
            Older
          </Button>
        </Show>
      </section>
    </Show>
  );
}
