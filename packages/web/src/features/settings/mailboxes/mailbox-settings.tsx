import Inbox from 'lucide-solid/icons/inbox';
import MoreHorizontal from 'lucide-solid/icons/ellipsis';
import Plus from 'lucide-solid/icons/plus';
import { useSearchParams } from '@solidjs/router';
import { For, Show, createSignal, onMount } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Menu } from '#web/ui/menu/menu.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { SettingsSection } from '../settings-section.tsx';
import { ConsentLine } from './consent-line.tsx';
import { EditMailbox } from './edit-mailbox.tsx';
import { KeepMails } from './keep-mails.tsx';
import { createMailboxes, refreshMailboxes, type Mailbox } from './mailbox-source.ts';
import { consentOutcome, KIND_WORDS, statusOf } from './mailbox-words.ts';

/** Where mail comes in, and whether it does. */
export function MailboxSettings(): JSX.Element {
  const { can } = useSession();
  const mailboxes = createMailboxes();
  const [editing, setEditing] = createSignal<Mailbox | 'new'>();
  const [removing, setRemoving] = createSignal<Mailbox>();
  const [params, setParams] = useSearchParams<{ consent?: string }>();
  const [outcome, setOutcome] = createSignal<string>();
  onMount(() => {
    if (params.consent === undefined) return;
    if (params.consent === 'given') showDone('The vendor lets us read the mailbox');
    else setOutcome(consentOutcome(params.consent));
    // A reload is no second return.
    setParams({ consent: undefined }, { replace: true });
  });
  const mayManage = () => can('mail-inbox.manage-mailboxes');
  const add = () => (
    <Button kind="primary" icon={Plus} onClick={() => setEditing('new')}>
      Connect a mailbox
    </Button>
  );
  return (
    <>
      <Show when={outcome()}>
        {(words) => (
          <p role="alert" class="mx-4 mt-4 max-w-212 rounded-control bg-critical-soft px-3 py-2 text-critical-text">
            {words()}
          </p>
        )}
      </Show>
      <SettingsSection
        title="Mailboxes"
        lead="Mail to these addresses becomes tickets, or answers on them. Each mail is kept as it came before anything is made of it."
        query={mailboxes}
        action={<Show when={mayManage() && (mailboxes.value() ?? []).length > 0}>{add()}</Show>}
      >
        {(items) => (
          <Show
            when={items.length > 0}
            fallback={
              <EmptyState
                icon={Inbox}
                title="No mailbox is connected yet"
                action={<Show when={mayManage()}>{add()}</Show>}
              >
                Connect the address that clients write to: Microsoft 365, Google Workspace, any IMAP server, or a relay.
              </EmptyState>
            }
          >
            <ul class="divide-y divide-line">
              <For each={items}>
                {(mailbox) => (
                  <Row
                    mailbox={mailbox}
                    onEdit={mayManage() ? () => setEditing(mailbox) : undefined}
                    onRemove={() => setRemoving(mailbox)}
                  />
                )}
              </For>
            </ul>
          </Show>
        )}
      </SettingsSection>
      <KeepMails mayManage={mayManage()} />
      <EditMailbox mailbox={editing()} onClose={() => setEditing()} />
      <RemoveMailbox mailbox={removing()} onClose={() => setRemoving()} />
    </>
  );
}

function Row(props: { mailbox: Mailbox; onEdit: (() => void) | undefined; onRemove: () => void }): JSX.Element {
  const status = () => statusOf(props.mailbox);
  const turn = createSubmit(async () => {
    const { id: mailboxId, version, status: now } = props.mailbox;
    if (now === 'paused') await api['mail-inbox'].resumeMailbox.mutate({ mailboxId, version });
    else await api['mail-inbox'].pauseMailbox.mutate({ mailboxId, version });
    await refreshMailboxes();
  });
  return (
    <li class="flex flex-col gap-1 py-3">
      <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span class="min-w-0 truncate font-medium">{props.mailbox.name}</span>
        <StatusPill state={status().state} hasMark>
          {status().word}
        </StatusPill>
        <span class="flex-1" />
        <Show when={props.onEdit}>
          {(edit) => (
            <Menu
              label={`Actions for ${props.mailbox.name}`}
              triggerClass="inline-flex size-7 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-text"
              trigger={<MoreHorizontal size={15} />}
              placement="bottom-end"
              parts={[
                { label: 'Change …', run: () => edit()() },
                { label: props.mailbox.status === 'paused' ? 'Resume' : 'Pause', run: turn.run },
                'separator',
                { label: 'Remove …', run: props.onRemove, isDangerous: true },
              ]}
            />
          )}
        </Show>
      </div>
      <div class="text-muted">
        {props.mailbox.address} · {KIND_WORDS[props.mailbox.kind]} ·{' '}
        <Show when={props.mailbox.lastMailAt} fallback="no mail yet">
          {(at) => (
            <>
              last mail <RelativeTime iso={at()} />
            </>
          )}
        </Show>
        <Show when={props.mailbox.waitingCount > 0}> · {props.mailbox.waitingCount} waiting</Show>
        <Show when={props.mailbox.quarantinedCount > 0}> · {props.mailbox.quarantinedCount} in quarantine</Show>
      </div>
      <Show when={props.mailbox.lastError}>
        {(error) => (
          <p class="text-critical-text">
            {error()}{' '}
            <Show when={props.mailbox.failingSince}>
              {(at) => (
                <span class="text-muted">
                  Since <RelativeTime iso={at()} />. Nothing is lost: mail waits in the mailbox.
                </span>
              )}
            </Show>
          </p>
        )}
      </Show>
      <Show when={props.mailbox.consent}>
        {(consent) => (
          <ConsentLine mailbox={props.mailbox} consent={consent()} mayConnect={props.onEdit !== undefined} />
        )}
      </Show>
      <FormProblem problem={turn.problem()} />
    </li>
  );
}

function RemoveMailbox(props: { mailbox: Mailbox | undefined; onClose: () => void }): JSX.Element {
  const submit = createSubmit(async () => {
    const { mailbox } = props;
    if (mailbox === undefined) return;
    await api['mail-inbox'].removeMailbox.mutate({ mailboxId: mailbox.id, version: mailbox.version });
    await refreshMailboxes();
    showDone(`Removed ${mailbox.address}`);
    props.onClose();
  });
  return (
    <Dialog
      isOpen={props.mailbox !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={`Remove ${props.mailbox?.name ?? 'the mailbox'}?`}
    >
      <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
        <p>
          Nothing is fetched from {props.mailbox?.address} any more, and its password or key is forgotten. What came in
          by it stays, and mails that wait are still handled.
        </p>
        <FormProblem problem={submit.problem()} />
        <div class="flex justify-end gap-2">
          <Button onClick={() => props.onClose()}>Cancel</Button>
          <Button kind="danger" type="submit" isBusy={submit.isBusy()}>
            Remove
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
