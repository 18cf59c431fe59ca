import Bot from 'lucide-solid/icons/bot';
import Play from 'lucide-solid/icons/play';
import RefreshCw from 'lucide-solid/icons/refresh-cw';
import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill, type State } from '#web/ui/status-pill/status-pill.tsx';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { OrderHistory } from './order-history.tsx';
import { RunScript } from './run-script.tsx';

type Agent = NonNullable<Awaited<ReturnType<typeof api.endpoints.getAgentOfAsset.query>>['agent']>;

const STATES: Readonly<Record<Agent['state'], State>> = { active: 'ok', quarantined: 'critical', revoked: 'neutral' };
const POLICIES: Readonly<Record<Agent['orderPolicy'], string>> = {
  observe: 'Only observes',
  allow: 'Takes orders',
  locked: 'Locked on the machine: takes no orders that change it',
};

/** The agent on a machine, what it was ordered to do, and what came of it. */
export function AssetAgent(props: { assetId: string; assetName: string }): JSX.Element {
  const { can } = useSession();
  const [isScripting, setScripting] = createSignal(false);
  const agent = createRecordQuery({
    key: () => ['asset', 'one', props.assetId, 'agent'],
    fetch: (signal) => api.endpoints.getAgentOfAsset.query({ assetId: props.assetId as never }, { signal }),
  });
  const order = async (send: () => Promise<unknown>, done: string): Promise<void> => {
    try {
      await send();
      await invalidateTopic('order');
      showDone(done);
    } catch (error) {
      showProblem('Nothing was ordered', toProblem(error).message);
    }
  };
  const assetId = () => props.assetId as never;
  const refresh = createSubmit(() =>
    order(() => api.endpoints.refreshInventory.mutate({ assetId: assetId() }), 'A new inventory was asked for'),
  );
  const allow = createSubmit(() =>
    order(
      () => api.endpoints.setOrderPolicy.mutate({ assetId: assetId(), orderPolicy: isAllowed() ? 'observe' : 'allow' }),
      isAllowed() ? 'It will only observe once the agent has heard' : 'Orders are allowed once the agent has heard',
    ),
  );
  const isAllowed = (): boolean => agent.value()?.agent?.orderPolicy === 'allow';
  return (
    <div class="flex flex-col gap-6 p-4">
      <Show when={agent.problem()}>
        {(problem) => <ErrorState title="The agent could not be loaded" problem={problem()} onRetry={agent.retry} />}
      </Show>
      <Show when={agent.isLoading()}>
        <SkeletonText lines={4} />
      </Show>
      <Show when={agent.value() !== undefined && agent.value()?.agent === null}>
        <EmptyState icon={Bot} title="No agent runs here">
          Make an enrolment token on the client’s page and enrol this machine with it; it is then told apart by its
          board, its serial number and its network cards, and becomes this asset.
        </EmptyState>
      </Show>
      <Show when={agent.value()?.agent}>
        {(value) => (
          <section class="flex flex-wrap items-start justify-between gap-4 rounded-card border border-line bg-surface p-4">
            <DescriptionList
              items={[
                {
                  term: 'Agent',
                  value: (
                    <StatusPill state={STATES[value().state]} hasMark>
                      {[value().state, value().stateReason].filter((part) => part !== null).join(': ')}
                    </StatusPill>
                  ),
                },
                { term: 'Orders', value: POLICIES[value().orderPolicy] },
                { term: 'Version', value: value().agentVersion },
                { term: 'Key', value: <code class="font-mono text-[0.9375em]">{value().keyFingerprint}</code> },
                { term: 'Enrolled', value: <RelativeTime iso={value().enrolledAt} /> },
              ]}
            />
            <div class="flex flex-wrap gap-2">
              <Button icon={RefreshCw} onClick={refresh.run} isBusy={refresh.isBusy()}>
                Refresh inventory
              </Button>
              <Show when={can('endpoints.manage-agents') && value().orderPolicy !== 'locked'}>
                <Button onClick={allow.run} isBusy={allow.isBusy()}>
                  {isAllowed() ? 'Only observe' : 'Allow orders'}
                </Button>
              </Show>
              <Show when={can('endpoints.run-script') && isAllowed()}>
                <Button kind="primary" icon={Play} onClick={() => setScripting(true)}>
                  Run script…
                </Button>
              </Show>
            </div>
          </section>
        )}
      </Show>
      <OrderHistory assetId={props.assetId} />
      <RunScript
        isOpen={isScripting()}
        onOpenChange={setScripting}
        assetId={props.assetId}
        assetName={props.assetName}
      />
    </div>
  );
}
