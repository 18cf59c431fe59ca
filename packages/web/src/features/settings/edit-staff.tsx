import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { GrantFields, reachOf, type GrantValues } from './grant-fields.tsx';
import type { Staff } from './staff-words.ts';

/** Changes what a member of staff may do, until when, or ends the membership. */
export function EditStaff(props: { member: Staff | undefined; onClose: () => void }): JSX.Element {
  return (
    <Dialog
      isOpen={props.member !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={props.member?.name ?? 'Staff'}
    >
      <Show when={props.member} keyed>
        {(member) => <EditForm member={member} onClose={props.onClose} />}
      </Show>
    </Dialog>
  );
}

function EditForm(props: { member: Staff; onClose: () => void }): JSX.Element {
  const { reach } = props.member;
  const [until, setUntil] = createSignal(props.member.expiresAt?.slice(0, 10) ?? '');
  const [values, set] = createStore<GrantValues>({
    standardRoles: [...props.member.standardRoles],
    roleIds: [...props.member.roleIds],
    reach: reach.kind,
    clientIds: reach.kind === 'all' ? [] : [...reach.clientIds],
  });
  const finish = async (text: string): Promise<void> => {
    await invalidateTopic('identity.staff');
    showDone(text);
    props.onClose();
  };
  const submit = createSubmit(async () => {
    const endOfDay = `${until()}T23:59:59Z`;
    await api.identity.updateStaff.mutate({
      staffId: props.member.id,
      version: props.member.version,
      standardRoles: [...values.standardRoles],
      roleIds: [...values.roleIds],
      reach: reachOf(values),
      expiresAt: until() === '' ? null : endOfDay,
    });
    await finish(`${props.member.name} was changed`);
  });
  const remove = createSubmit(async () => {
    await api.identity.removeStaff.mutate({ staffId: props.member.id, version: props.member.version });
    await finish(`${props.member.name} no longer works here`);
  });
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem() ?? remove.problem()} />
      <GrantFields values={values} set={set} />
      <Field label="Until" hint="Empty: without an end." error={submit.problem()?.fields['expiresAt']}>
        {(control) => (
          <Input {...control} type="date" value={until()} onInput={(event) => setUntil(event.currentTarget.value)} />
        )}
      </Field>
      <div class="flex gap-2">
        <Button kind="danger" isBusy={remove.isBusy()} onClick={remove.run}>
          End membership
        </Button>
        <Button class="ml-auto" onClick={() => props.onClose()}>
          Cancel
        </Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Save
        </Button>
      </div>
    </form>
  );
}
