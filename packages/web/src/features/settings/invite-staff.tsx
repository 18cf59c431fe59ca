import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { Button } from '#web/ui/button/button.tsx';
import { CopyButton } from '#web/ui/copy-button/copy-button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { GrantFields, reachOf, type GrantValues } from './grant-fields.tsx';

/** Invites somebody to work for the MSP; the link is mailed, and shown for who gives it by another way. */
export function InviteStaff(props: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }): JSX.Element {
  const [link, setLink] = createSignal('');
  const close = (isOpen: boolean): void => {
    if (!isOpen) setLink('');
    props.onOpenChange(isOpen);
  };
  return (
    <Dialog isOpen={props.isOpen} onOpenChange={close} title={link() === '' ? 'Invite to your staff' : 'Invited'}>
      <Show when={props.isOpen}>
        <Show when={link()} fallback={<InviteForm onInvited={setLink} onCancel={() => close(false)} />}>
          {(value) => (
            <div class="flex flex-col gap-4">
              <p>The link was mailed. It works once, within three days.</p>
              <code class="rounded-control border border-line bg-canvas p-3 font-mono break-all">{value()}</code>
              <div class="flex justify-end gap-2">
                <CopyButton text={value()} label="Copy link" />
                <Button kind="primary" onClick={() => close(false)}>
                  Done
                </Button>
              </div>
            </div>
          )}
        </Show>
      </Show>
    </Dialog>
  );
}

function InviteForm(props: { onInvited: (link: string) => void; onCancel: () => void }): JSX.Element {
  const [email, setEmail] = createSignal('');
  const [values, set] = createStore<GrantValues>({
    standardRoles: ['technician'],
    roleIds: [],
    reach: 'all',
    clientIds: [],
  });
  const submit = createSubmit(async () => {
    const { link } = await api.identity.inviteStaff.mutate({
      email: email(),
      standardRoles: [...values.standardRoles],
      roleIds: [...values.roleIds],
      reach: reachOf(values),
    });
    props.onInvited(link);
  });
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} />
      <Field label="E-mail" isRequired error={submit.problem()?.fields['email']}>
        {(control) => (
          <Input
            {...control}
            type="email"
            required
            autofocus
            value={email()}
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        )}
      </Field>
      <GrantFields values={values} set={set} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onCancel()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Invite
        </Button>
      </div>
    </form>
  );
}
