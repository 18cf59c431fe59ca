import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { findClients } from '#web/app/scope/client-source.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { CopyButton } from '#web/ui/copy-button/copy-button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';

interface NewApiKeyProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** Makes a key and shows it, once. */
export function NewApiKey(props: NewApiKeyProps): JSX.Element {
  const [secret, setSecret] = createSignal('');
  const close = (isOpen: boolean): void => {
    if (!isOpen) setSecret('');
    props.onOpenChange(isOpen);
  };
  return (
    <Dialog isOpen={props.isOpen} onOpenChange={close} title={secret() === '' ? 'New API key' : 'Your new key'}>
      <Show when={props.isOpen}>
        <Show when={secret()} fallback={<NewForm onMade={setSecret} onCancel={() => close(false)} />}>
          {(value) => (
            <div class="flex flex-col gap-4">
              <p>This is the only time that the key is shown. Put it where your program finds it.</p>
              <code class="rounded-control border border-line bg-canvas p-3 font-mono break-all">{value()}</code>
              <div class="flex justify-end gap-2">
                <CopyButton text={value()} />
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

function NewForm(props: { onMade: (secret: string) => void; onCancel: () => void }): JSX.Element {
  const { session } = useSession();
  const [name, setName] = createSignal('');
  const [days, setDays] = createSignal('90');
  const [clientId, setClientId] = createSignal('');
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const clients = createRecordQuery({ key: () => ['tenancy.client', 'list', 'choices'], fetch: () => findClients('') });
  const submit = createSubmit(async () => {
    const made = await api.identity.createApiKey.mutate({
      name: name(),
      permissions: [...chosen()],
      days: Number(days()),
      reach: clientId() === '' ? { kind: 'all' } : { kind: 'only', clientIds: [clientId()] },
    });
    await invalidateTopic('identity.api-key');
    props.onMade(made.secret);
  });
  const toggle = (permission: string, isChosen: boolean): void => {
    const next = new Set(chosen());
    if (isChosen) next.add(permission);
    else next.delete(permission);
    setChosen(next);
  };
  const offered = () => session().permissions.filter((permission) => permission !== 'identity.use-account');
  const errors = () => submit.problem()?.fields ?? {};
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} />
      <Field label="What it is for" isRequired error={errors()['name']}>
        {(control) => (
          <Input
            {...control}
            required
            autofocus
            maxLength={80}
            value={name()}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="grid grid-cols-2 gap-4">
        <Field label="Clients" error={errors()['reach']}>
          {(control) => (
            <Select
              {...control}
              value={clientId()}
              onChange={setClientId}
              options={[
                { value: '', label: 'All that you reach' },
                ...(clients.value() ?? []).map((client) => ({ value: client.id, label: client.name })),
              ]}
            />
          )}
        </Field>
        <Field label="Works for" error={errors()['days']}>
          {(control) => (
            <Select
              {...control}
              value={days()}
              onChange={setDays}
              options={['7', '30', '90', '365'].map((value) => ({ value, label: `${value} days` }))}
            />
          )}
        </Field>
      </div>
      <fieldset>
        <legend class="mb-1 font-medium">What it may do</legend>
        <div class="grid max-h-60 grid-cols-2 gap-x-4 overflow-y-auto rounded-control border border-line p-3 max-md:grid-cols-1">
          <For each={offered()}>
            {(permission) => (
              <Checkbox
                label={permission}
                isChecked={chosen().has(permission)}
                onChange={(isChosen) => toggle(permission, isChosen)}
              />
            )}
          </For>
        </div>
        <Show when={errors()['permissions']}>
          {(error) => <p class="mt-1 text-critical-text">At least one permission: it {error()}.</p>}
        </Show>
      </fieldset>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onCancel()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Make key
        </Button>
      </div>
    </form>
  );
}
