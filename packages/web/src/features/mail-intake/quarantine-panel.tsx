import { A } from '@solidjs/router';
import Download from 'lucide-solid/icons/download';
import { For, Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { DiscardDialog, PlaceDialog } from './place-dialog.tsx';
import { isDoubtful, reasonOf, senderText, type QuarantinedDetail } from './reason-words.ts';

/** One mail that waits: what it says, why it waits, and what can be done. */
export function QuarantinePanel(props: { mailId: string; onClose: () => void }): JSX.Element {
  const { can } = useSession();
  const mail = createRecordQuery({
    key: () => ['inbound-mail', 'one', props.mailId, 'quarantine'],
    fetch: (signal) => api['mail-intake'].getQuarantined.query({ mailId: props.mailId as never }, { signal }),
  });
  return (
    <SidePanel
      label={`Mail ${mail.value()?.subject ?? ''}`}
      onClose={props.onClose}
      head={
        <>
          <span class="truncate-line">
            {mail.value() === undefined ? 'Mail' : reasonOf(mail.value() ?? { reason: '' }).label}
          </span>
          <Show when={can('mail-intake.read-mail')}>
            <a
              class={`${buttonClass({ kind: 'quiet', size: 'small' })} ml-auto`}
              href={`/api/v1/inbound-mails/${props.mailId}/eml`}
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
        <Match when={mail.value()}>{(value) => <Mail mail={value()} />}</Match>
      </Switch>
    </SidePanel>
  );
}

function Mail(props: { mail: QuarantinedDetail }): JSX.Element {
  return (
    <>
      <PanelSection>
        <h2 class="pb-2 text-title font-semibold break-words">{props.mail.subject || '(no subject)'}</h2>
        <DescriptionList
          items={[
            { term: 'From', value: senderText(props.mail) },
            { term: 'Came by', value: props.mail.mailbox },
            { term: 'Came', value: <RelativeTime iso={props.mail.receivedAt} /> },
          ]}
        />
        <p class="mt-3 break-words" classList={{ 'text-critical-text': isDoubtful(props.mail) }}>
          {props.mail.reasonText}
        </p>
        <Decision mail={props.mail} />
      </PanelSection>
      <PanelSection>
        <p class="break-words whitespace-pre-wrap">{props.mail.text === '' ? '(no text)' : props.mail.text}</p>
        <ul class="flex flex-wrap gap-2 pt-3">
          <For each={props.mail.files}>
            {(file) => (
              <li class="rounded-control border border-line px-2 py-1 text-muted">
                {file.name}, {Math.ceil(file.sizeBytes / 1024)} kB
              </li>
            )}
          </For>
        </ul>
      </PanelSection>
      <PanelSection>
        <Sentences title="What we understood" sentences={props.mail.why} />
        <Sentences title="What we could not" sentences={props.mail.warnings} />
      </PanelSection>
    </>
  );
}

function Sentences(props: { title: string; sentences: readonly string[] }): JSX.Element {
  return (
    <Show when={props.sentences.length > 0}>
      <h3 class="pt-1 font-semibold">{props.title}</h3>
      <ul class="flex list-disc flex-col gap-1 py-1 pl-4 text-muted">
        <For each={props.sentences}>{(sentence) => <li class="break-words">{sentence}</li>}</For>
      </ul>
    </Show>
  );
}

/** What somebody decided, or may decide. */
function Decision(props: { mail: QuarantinedDetail }): JSX.Element {
  const scoped = useScopedHref();
  const [asked, setAsked] = createSignal<'new' | 'ticket' | 'discard'>();
  const close = () => setAsked(undefined);
  const restore = createSubmit(async () => {
    await api['mail-intake'].restoreMail.mutate({ mailId: props.mail.mailId });
    await invalidateTopic('inbound-mail');
    showDone('The mail waits again');
  });
  return (
    <div class="pt-3">
      <Switch>
        <Match when={props.mail.state === 'waiting'}>
          <div class="flex flex-wrap gap-2">
            <Button kind="primary" onClick={() => setAsked('new')}>
              New ticket
            </Button>
            <Button onClick={() => setAsked('ticket')}>Put on a ticket</Button>
            <Button onClick={() => setAsked('discard')}>Discard</Button>
          </div>
          <Show when={asked() === 'new' || asked() === 'ticket'}>
            <PlaceDialog mail={props.mail} isNew={asked() === 'new'} onClose={close} />
          </Show>
          <Show when={asked() === 'discard'}>
            <DiscardDialog mailId={props.mail.mailId} onClose={close} />
          </Show>
        </Match>
        <Match when={props.mail.state === 'placed'}>
          <p class="text-muted">
            Placed by {props.mail.decidedBy ?? 'rule'}
            <Show when={props.mail.ticket}>
              {(ticket) => (
                <>
                  {' on '}
                  <A class="underline" href={scoped(`/tickets/${ticket().number}`)}>
                    T-{ticket().number} {ticket().subject}
                  </A>
                </>
              )}
            </Show>
          </p>
        </Match>
        <Match when={props.mail.state === 'discarded'}>
          <p class="text-muted">
            Discarded by {props.mail.decidedBy ?? 'rule'}
            {props.mail.note === null ? '' : `: ${props.mail.note}`}
          </p>
          <FormProblem problem={restore.problem()} />
          <Show when={props.mail.decidedBy !== null}>
            <Button class="mt-2" isBusy={restore.isBusy()} onClick={restore.run}>
              Take back
            </Button>
          </Show>
        </Match>
      </Switch>
    </div>
  );
}
