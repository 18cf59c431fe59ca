import { A } from '@solidjs/router';
import CircleCheck from 'lucide-solid/icons/circle-check';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill, type State } from '#web/ui/status-pill/status-pill.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import type { Issue } from './plugin-words.ts';

const SEVERITIES: Readonly<Record<Issue['severity'], { word: string; state: State }>> = {
  error: { word: 'Repair', state: 'critical' },
  warning: { word: 'Look', state: 'warning' },
  info: { word: 'Note', state: 'info' },
};

/** Where each repair is made. */
function placeOf(issue: Issue): { href: string; label: string } | undefined {
  const at = `/connections/${issue.connectionId}`;
  switch (issue.repair) {
    case 're-enter-credential':
      return { href: `${at}?tab=settings`, label: 'Enter the credential again' };
    case 'authorize-again':
      return { href: `${at}?tab=settings`, label: 'Sign in at the vendor' };
    case 'edit-connection':
    case 'approve-host':
      return { href: `${at}?tab=settings`, label: 'Open the settings' };
    case 'accept-deletion':
      return { href: `${at}?tab=streams`, label: 'Look at the stream' };
    case 'map-scopes':
      return { href: `${at}?tab=scopes`, label: 'Map scopes' };
    case 'consent-to-update':
      return { href: '/plugins?view=installed', label: 'See the update' };
    case null:
      return undefined;
  }
}

/** What of the plugins needs a person: of one connection, or of all. */
export function IssueList(props: { connectionId?: string }): JSX.Element {
  const issues = createRecordQuery({
    key: () => ['plugin-connection', 'list', 'issues', props.connectionId ?? 'all'],
    fetch: (signal) =>
      api['plugin-host'].listIssues.query(
        { limit: 100, ...(props.connectionId === undefined ? {} : { connectionId: props.connectionId }) },
        { signal },
      ),
  });
  return (
    <div class="min-h-0 flex-1 overflow-y-auto p-4">
      <Switch>
        <Match when={issues.problem()}>
          {(problem) => (
            <ErrorState title="The issues could not be loaded" problem={problem()} onRetry={issues.retry} />
          )}
        </Match>
        <Match when={issues.isLoading()}>
          <SkeletonText lines={5} />
        </Match>
        <Match when={issues.value()}>
          {(value) => (
            <Show
              when={value().items.length > 0}
              fallback={
                <EmptyState icon={CircleCheck} title="Nothing needs you">
                  When a vendor refuses a credential, a list comes back empty or access is about to end, it stands here
                  with what to do.
                </EmptyState>
              }
            >
              <ul class="flex max-w-200 flex-col gap-3">
                <For each={value().items}>
                  {(issue) => <IssueCard issue={issue} withName={props.connectionId === undefined} />}
                </For>
              </ul>
            </Show>
          )}
        </Match>
      </Switch>
    </div>
  );
}

function IssueCard(props: { issue: Issue; withName: boolean }): JSX.Element {
  const { can } = useSession();
  const close = createSubmit(async () => {
    await api['plugin-host'].closeIssue.mutate({ issueId: props.issue.id });
    await invalidateTopic('plugin-connection');
    showDone('Issue closed');
  });
  return (
    <li class="rounded-card border border-line bg-surface p-4">
      <div class="flex flex-wrap items-baseline gap-2">
        <StatusPill state={SEVERITIES[props.issue.severity].state} hasMark>
          {SEVERITIES[props.issue.severity].word}
        </StatusPill>
        <Show when={props.withName}>
          <A class="text-accent-text" href={`/connections/${props.issue.connectionId}`}>
            {props.issue.connectionName}
          </A>
        </Show>
        <RelativeTime iso={props.issue.raisedAt} class="ml-auto text-muted" />
      </div>
      <p class="pt-2 font-medium break-words">{props.issue.title}</p>
      <Show when={props.issue.remedy}>{(remedy) => <p class="pt-1 break-words">{remedy()}</p>}</Show>
      <FormProblem problem={close.problem()} />
      <div class="flex flex-wrap gap-2 pt-3">
        <Show when={placeOf(props.issue)}>
          {(place) => (
            <A class={buttonClass({ kind: 'primary', size: 'small' })} href={place().href}>
              {place().label}
            </A>
          )}
        </Show>
        <Show when={can('plugin-host.resolve-issues')}>
          <Button size="small" isBusy={close.isBusy()} onClick={close.run}>
            Close
          </Button>
        </Show>
      </div>
    </li>
  );
}
