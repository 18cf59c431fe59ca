import Download from 'lucide-solid/icons/download';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';

const WITHHELD = {
  erased: 'Its text let its reader sign in, and was erased once it was delivered.',
  'sign-in': 'Its text lets its reader sign in, and is shown to nobody else.',
} as const;

/** One mail as its reader gets it. */
export function MailPanel(props: { mailId: string; onClose: () => void }): JSX.Element {
  const { can } = useSession();
  const mail = createRecordQuery({
    key: () => ['mail', 'one', props.mailId],
    fetch: (signal) => api.outbox.getMail.query({ mailId: props.mailId }, { signal }),
  });
  const retry = createSubmit(async () => {
    await api.outbox.retryMail.mutate({ mailId: props.mailId });
    await invalidateTopic('mail', props.mailId);
    showDone('On its way again');
  });
  return (
    <SidePanel
      label={`Mail ${mail.value()?.subject ?? ''}`}
      onClose={props.onClose}
      head={
        <>
          <span class="truncate-line">{mail.value()?.purpose ?? 'Mail'}</span>
          <Show when={mail.value()?.withheld === null}>
            <a
              class={`${buttonClass({ kind: 'quiet', size: 'small' })} ml-auto`}
              href={`/api/v1/mails/${props.mailId}/eml`}
            >
              <Download size={14} /> .eml
            </a>
          </Show>
        </>
      }
    >
      <Switch>
        <Match when={mail.problem()}>
          {(problem) => <ErrorState problem={problem()} title="The mail could not be loaded" onRetry={mail.retry} />}
        </Match>
        <Match when={mail.isLoading()}>
          <PanelSection>
            <SkeletonText lines={5} />
          </PanelSection>
        </Match>
        <Match when={mail.value()}>
          {(value) => (
            <>
              <PanelSection>
                <h2 class="pb-2 text-title font-semibold break-words">{value().subject}</h2>
                <DescriptionList
                  items={[
                    { term: 'From', value: value().fromName },
                    {
                      term: 'To',
                      value: value()
                        .to.map(({ address, name }) => (name === null ? address : `${name} <${address}>`))
                        .join(', '),
                    },
                    { term: 'Written', value: <RelativeTime iso={value().createdAt} /> },
                    { term: 'Tries', value: value().attempts },
                  ]}
                />
              </PanelSection>
              <Show when={value().lastError}>
                {(error) => (
                  <PanelSection>
                    <p class="break-words text-critical-text">{error()}</p>
                    <FormProblem problem={retry.problem()} />
                    <Show when={value().state === 'failed' && can('outbox.retry-mail')}>
                      <Button class="mt-2" isBusy={retry.isBusy()} onClick={retry.run}>
                        Send again
                      </Button>
                    </Show>
                  </PanelSection>
                )}
              </Show>
              <PanelSection>
                <Show when={value().withheld} fallback={<p class="break-words whitespace-pre-wrap">{value().text}</p>}>
                  {(why) => <p class="text-muted">{WITHHELD[why()]}</p>}
                </Show>
                <ul class="flex flex-wrap gap-2 pt-3">
                  <For each={value().attachments}>
                    {(file) => (
                      <li class="rounded-control border border-line px-2 py-1 text-muted">
                        {file.fileName}, {Math.ceil(file.sizeBytes / 1024)} kB
                      </li>
                    )}
                  </For>
                </ul>
              </PanelSection>
            </>
          )}
        </Match>
      </Switch>
    </SidePanel>
  );
}
