import { useNavigate } from '@solidjs/router';
import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { Button } from '#web/ui/button/button.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { auth, linkSecret } from './auth-api.ts';
import { AuthFrame } from './auth-frame.tsx';
import { createSubmit } from './create-submit.ts';
import { MspFields } from './msp-fields.tsx';
import type { MspAnswer } from './msp-fields.tsx';
import { consolePathFor } from './next-step.ts';

const FIELDS = ['name', 'email', 'password', 'msp.name', 'msp.timeZone', 'msp.currency'];

/** A one-time link becomes a login: name and password, then the second factor. */
export function LinkToLogin(props: { title: string; lead: string; isFirst?: boolean }): JSX.Element {
  const token = linkSecret();
  const [email, setEmail] = createSignal('');
  const [msp, setMsp] = createSignal<MspAnswer>({ name: '', timeZone: Temporal.Now.timeZoneId(), currency: 'GBP' });
  const navigate = useNavigate();
  const [name, setName] = createSignal('');
  const [password, setPassword] = createSignal('');
  const submit = createSubmit(async () => {
    const { step } = await auth.acceptInvitation({
      token,
      name: name(),
      password: password(),
      ...(props.isFirst ? { email: email(), msp: { ...msp(), currency: msp().currency.toUpperCase() } } : {}),
    });
    // The token is used up; it must not stay in the history.
    if (step === 'ready') location.replace('/');
    else navigate(consolePathFor(step, '/'), { replace: true });
  });
  return (
    <AuthFrame name="Bailiwick" title={props.title} lead={props.lead}>
      <Show
        when={token !== ''}
        fallback={<p role="alert">This link is not complete. Open it again from where you got it, the whole line.</p>}
      >
        <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
          <FormProblem problem={submit.problem()} fields={FIELDS} />
          <Field label="Your name" isRequired error={submit.problem()?.fields['name']}>
            {(control) => (
              <Input
                {...control}
                class="h-9"
                autocomplete="name"
                autofocus
                required
                maxLength={120}
                value={name()}
                onInput={(event) => setName(event.currentTarget.value)}
              />
            )}
          </Field>
          <Show when={props.isFirst}>
            <Field label="Your e-mail" isRequired error={submit.problem()?.fields['email']}>
              {(control) => (
                <Input
                  {...control}
                  class="h-9"
                  type="email"
                  autocomplete="username"
                  required
                  value={email()}
                  onInput={(event) => setEmail(event.currentTarget.value)}
                />
              )}
            </Field>
            <MspFields
              value={msp()}
              onChange={(change) => setMsp((now) => ({ ...now, ...change }))}
              errors={submit.problem()?.fields ?? {}}
            />
          </Show>
          <Field
            label="Password"
            isRequired
            error={submit.problem()?.fields['password']}
            hint="12 characters or more. A few words that you will remember are better than signs."
          >
            {(control) => (
              <Input
                {...control}
                class="h-9"
                type="password"
                autocomplete="new-password"
                required
                minLength={12}
                maxLength={128}
                value={password()}
                onInput={(event) => setPassword(event.currentTarget.value)}
              />
            )}
          </Field>
          <Button type="submit" kind="primary" class="h-9" isBusy={submit.isBusy()}>
            Continue
          </Button>
        </form>
      </Show>
    </AuthFrame>
  );
}

/** The page of `/accept-invitation?token=`. */
export function AcceptInvitation(): JSX.Element {
  return (
    <LinkToLogin
      title="Accept your invitation"
      lead="Choose a password. A second factor comes next; staff always have one."
    />
  );
}
