import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { timeZoneOptions } from './client-words.ts';

interface NewClientProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly onMade: (clientId: string) => void;
}

/** Adds a client. */
export function NewClient(props: NewClientProps): JSX.Element {
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title="New client"
      description="Sites, contacts and machines come after."
    >
      <Show when={props.isOpen}>
        <NewForm {...props} />
      </Show>
    </Dialog>
  );
}

function NewForm(props: NewClientProps): JSX.Element {
  const [name, setName] = createSignal('');
  const [domain, setDomain] = createSignal('');
  const [timeZone, setTimeZone] = createSignal(Temporal.Now.timeZoneId());
  const [state, setState] = createSignal('active');
  const submit = createSubmit(async () => {
    const domains = domain()
      .split(/[\s,]+/)
      .filter((part) => part !== '');
    const { clientId } = await api.tenancy.createClient.mutate({
      name: name(),
      timeZone: timeZone(),
      state: state() as 'active' | 'prospect',
      emailDomains: domains,
    });
    await invalidateTopic('tenancy.client');
    props.onOpenChange(false);
    props.onMade(clientId);
  });
  const errors = () => submit.problem()?.fields ?? {};
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} />
      <Field label="Name" isRequired error={errors()['name']}>
        {(control) => (
          <Input
            {...control}
            required
            autofocus
            maxLength={120}
            value={name()}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field
        label="Mail domains"
        hint="Mail from these goes to this client. Several are separated by a comma."
        error={errors()['emailDomains'] ?? errors()['emailDomains.0']}
      >
        {(control) => (
          <Input
            {...control}
            placeholder="hartley.example"
            value={domain()}
            onInput={(event) => setDomain(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="grid grid-cols-2 gap-4">
        <Field label="Time zone" isRequired error={errors()['timeZone']}>
          {(control) => <Select {...control} value={timeZone()} onChange={setTimeZone} options={timeZoneOptions()} />}
        </Field>
        <Field label="State" error={errors()['state']}>
          {(control) => (
            <Select
              {...control}
              value={state()}
              onChange={setState}
              options={[
                { value: 'active', label: 'Active' },
                { value: 'prospect', label: 'Prospect' },
              ]}
            />
          )}
        </Field>
      </div>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onOpenChange(false)}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Add client
        </Button>
      </div>
    </form>
  );
}
