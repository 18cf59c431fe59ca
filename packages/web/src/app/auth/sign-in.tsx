import { useNavigate, useSearchParams } from '@solidjs/router';
import KeyRound from 'lucide-solid/icons/key-round';
import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { Button } from '#web/ui/button/button.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { auth, signInWithPasskey } from './auth-api.ts';
import type { SignInStep } from './auth-api.ts';
import { AuthFrame } from './auth-frame.tsx';
import { createSubmit } from './create-submit.ts';
import { consolePathFor, safeNext } from './next-step.ts';

/** Staff sign in: password and then a code, or a passkey alone. */
export function SignIn(): JSX.Element {
  const [params] = useSearchParams<{ next?: string }>();
  const navigate = useNavigate();
  const [email, setEmail] = createSignal('');
  const [password, setPassword] = createSignal('');
  const [code, setCode] = createSignal('');
  const [isCodeDue, setCodeDue] = createSignal(false);

  const follow = (step: SignInStep): void => {
    const next = safeNext(params.next, '/');
    if (step === 'second-factor') setCodeDue(true);
    else if (step === 'ready') location.assign(next);
    else navigate(consolePathFor(step, next));
  };
  const withPassword = createSubmit(async () => follow((await auth.signIn(email(), password())).step));
  const withCode = createSubmit(async () => follow((await auth.secondFactor(code())).step));
  const withPasskey = createSubmit(async () => follow((await signInWithPasskey()).step));

  return (
    <Show
      when={isCodeDue()}
      fallback={
        <AuthFrame name="Bailiwick" title="Sign in" lead="For staff of the MSP. Clients use the link in their mail.">
          <form class="flex flex-col gap-4" onSubmit={withPassword.onSubmit}>
            <FormProblem problem={withPassword.problem() ?? withPasskey.problem()} />
            <Field label="E-mail" isRequired error={withPassword.problem()?.fields['email']}>
              {(control) => (
                <Input
                  {...control}
                  class="h-9"
                  type="email"
                  autocomplete="username webauthn"
                  autofocus
                  required
                  value={email()}
                  onInput={(event) => setEmail(event.currentTarget.value)}
                />
              )}
            </Field>
            <Field label="Password" isRequired error={withPassword.problem()?.fields['password']}>
              {(control) => (
                <Input
                  {...control}
                  class="h-9"
                  type="password"
                  autocomplete="current-password"
                  required
                  value={password()}
                  onInput={(event) => setPassword(event.currentTarget.value)}
                />
              )}
            </Field>
            <Button type="submit" kind="primary" class="h-9" isBusy={withPassword.isBusy()}>
              Continue
            </Button>
            <div class="flex items-center gap-3 text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
              or
            </div>
            <Button icon={KeyRound} class="h-9" isBusy={withPasskey.isBusy()} onClick={withPasskey.run}>
              Sign in with a passkey
            </Button>
          </form>
        </AuthFrame>
      }
    >
      <AuthFrame
        name="Bailiwick"
        title="Enter the code"
        lead="Six digits from your authenticator app, or one of your recovery codes."
      >
        <form class="flex flex-col gap-4" onSubmit={withCode.onSubmit}>
          <FormProblem problem={withCode.problem()} />
          <Field label="Code" isRequired>
            {(control) => (
              <Input
                {...control}
                isMono
                class="h-9"
                autocomplete="one-time-code"
                inputmode="text"
                autofocus
                required
                value={code()}
                onInput={(event) => setCode(event.currentTarget.value)}
              />
            )}
          </Field>
          <Button type="submit" kind="primary" class="h-9" isBusy={withCode.isBusy()}>
            Sign in
          </Button>
          <Button kind="quiet" onClick={() => setCodeDue(false)}>
            Start again
          </Button>
        </form>
      </AuthFrame>
    </Show>
  );
}
