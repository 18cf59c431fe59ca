import Webhook from 'lucide-solid/icons/webhook';
import { For, Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { CopyButton } from '#web/ui/copy-button/copy-button.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { createWebhooks } from './create-webhooks.ts';
import { VERIFICATIONS, type Webhook as WebhookView } from './delivery-words.ts';

/** The addresses at which a vendor delivers: what to enter there, what came, what was refused and why. */
export function WebhookList(props: { connectionId: string }): JSX.Element {
  const webhooks = createWebhooks(() => props.connectionId);
  return (
    <div class="min-h-0 flex-1 overflow-y-auto p-4">
      <Switch>
        <Match when={webhooks.problem()}>
          {(problem) => (
            <ErrorState title="The webhooks could not be loaded" problem={problem()} onRetry={webhooks.retry} />
          )}
        </Match>
        <Match when={webhooks.value()?.items.length === 0}>
          <EmptyState icon={Webhook} title="This plugin takes no deliveries">
            It reads at its own rhythm. Plugins with webhooks hear of a change at once, and show here what to enter at
            the vendor.
          </EmptyState>
        </Match>
        <Match when={webhooks.value()}>
          {(value) => (
            <ul class="flex max-w-200 flex-col gap-4">
              <For each={value().items}>{(webhook) => <WebhookCard webhook={webhook} />}</For>
            </ul>
          )}
        </Match>
        <Match when={webhooks.isLoading()}>
          <SkeletonText lines={6} />
        </Match>
      </Switch>
    </div>
  );
}

function WebhookCard(props: { webhook: WebhookView }): JSX.Element {
  const { can } = useSession();
  const [isRotating, setRotating] = createSignal(false);
  // It stands below, where it can be copied.
  const setUp = () => props.webhook.setUp.replaceAll(props.webhook.address ?? '{url}', 'the address below');
  return (
    <li class="flex flex-col gap-3 rounded-card border border-line bg-surface p-4">
      <h2 class="text-title font-semibold">{props.webhook.label}</h2>
      <p class="break-words whitespace-pre-line">{setUp()}</p>
      <Show
        when={props.webhook.address}
        fallback={<p class="text-muted">Only administrators see the address: it is as good as a password.</p>}
      >
        {(address) => (
          <div class="flex flex-wrap items-center gap-2">
            <code class="min-w-0 flex-1 rounded-control border border-line bg-sunken max-md:basis-full px-2.5 py-1.5 font-mono break-all">
              {address()}
            </code>
            <CopyButton text={address()} label="Copy the address" />
          </div>
        )}
      </Show>
      <Show when={props.webhook.previousUntil}>
        {(until) => (
          <p class="text-warning-text">
            The address before this one is taken until <RelativeTime iso={until()} />. Enter the new one at the vendor.
          </p>
        )}
      </Show>
      <Show when={props.webhook.lastRefusal}>
        {(refusal) => (
          <p class="rounded-control bg-warning-soft p-3 break-words text-warning-text">
            The last refused delivery: {refusal()}
          </p>
        )}
      </Show>
      <DescriptionList
        items={[
          ...(props.webhook.received + props.webhook.refused === 0
            ? [{ term: 'Received', value: 'Nothing came yet' }]
            : [
                { term: 'Received', value: counted(props.webhook.received, props.webhook.lastReceivedAt) },
                { term: 'Refused', value: counted(props.webhook.refused, props.webhook.lastRefusedAt) },
                {
                  term: 'Nobody’s',
                  value: <span class="tabular-nums">{props.webhook.unroutable.toLocaleString()}</span>,
                },
              ]),
          { term: 'Recognised', value: VERIFICATIONS[props.webhook.verification] },
        ]}
      />
      <Show when={can('plugin-events.manage-webhooks')}>
        <div>
          <Button size="small" onClick={() => setRotating(true)}>
            Replace the address
          </Button>
        </div>
        <RotateDialog webhook={props.webhook} isOpen={isRotating()} onOpenChange={setRotating} />
      </Show>
    </li>
  );
}

function counted(count: number, last: string | null): JSX.Element {
  return (
    <>
      <span class="tabular-nums">{count.toLocaleString()}</span>
      <Show when={last}>
        {(iso) => (
          <span class="text-muted">
            {', last '}
            <RelativeTime iso={iso()} />
          </span>
        )}
      </Show>
    </>
  );
}

const GRACE = [
  { value: '24', label: 'For 24 hours more' },
  { value: '168', label: 'For a week more' },
  { value: '0', label: 'No longer: it may be known to others' },
];

function RotateDialog(props: {
  webhook: WebhookView;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}): JSX.Element {
  const [hours, setHours] = createSignal('24');
  const submit = createSubmit(async () => {
    await api['plugin-events'].rotateAddress.mutate({ webhookId: props.webhook.id, graceHours: Number(hours()) });
    await invalidateTopic('plugin-connection', props.webhook.connectionId);
    props.onOpenChange(false);
    showDone('There is a new address: enter it at the vendor');
  });
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title="Replace the address"
      description="The vendor has to be told of the new one: until then it delivers to the old."
    >
      <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
        <Field label="The old address is taken" error={submit.problem()?.fields['graceHours']}>
          {(control) => <Select {...control} value={hours()} onChange={setHours} options={GRACE} />}
        </Field>
        <FormProblem problem={submit.problem()} fields={['graceHours']} />
        <div class="flex justify-end gap-2">
          <Button onClick={() => props.onOpenChange(false)}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
            Replace it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
