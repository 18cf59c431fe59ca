import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import type { Client } from './client-words.ts';

/** The mail domains of a client, and a way to change them. */
export function MailDomains(props: { client: Client }): JSX.Element {
  const { can } = useSession();
  const [isOpen, setOpen] = createSignal(false);
  const domains = (): string => props.client.emailDomains.join(', ');
  return (
    <span class="inline-flex flex-wrap items-baseline gap-2">
      <span class="break-words">{domains() === '' ? '–' : domains()}</span>
      <Show when={can('tenancy.manage-clients')}>
        <button
          type="button"
          class="rounded-tag px-1 text-muted hover:text-text"
          aria-label="Change the mail domains"
          onClick={() => setOpen(true)}
        >
          Change
        </button>
        <Dialog
          isOpen={isOpen()}
          onOpenChange={setOpen}
          title="Mail domains"
          description="Whoever writes from one of them is taken for somebody at this client, and becomes a contact. Name only domains that nobody else can get an address of."
          width="narrow"
        >
          <DomainForm client={props.client} onDone={() => setOpen(false)} />
        </Dialog>
      </Show>
    </span>
  );
}

function DomainForm(props: { client: Client; onDone: () => void }): JSX.Element {
  const [text, setText] = createSignal(props.client.emailDomains.join(', '));
  const submit = createSubmit(async () => {
    const emailDomains = text()
      .split(/[\s,;]+/)
      .filter((domain) => domain !== '');
    const { id, version } = props.client;
    await api.tenancy.updateClient.mutate({ clientId: id, version, emailDomains });
    await invalidateTopic('tenancy.client', id);
    showDone('Mail domains changed');
    props.onDone();
  });
  const wrong = (): string | undefined =>
    Object.entries(submit.problem()?.fields ?? {}).find(([field]) => field.startsWith('emailDomains'))?.[1];
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <Field label="Domains" hint="Several are separated by a comma." error={wrong()}>
        {(control) => (
          <Input
            {...control}
            placeholder="hartley.example"
            value={text()}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      <FormProblem problem={submit.problem()} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onDone()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Save
        </Button>
      </div>
    </form>
  );
}
