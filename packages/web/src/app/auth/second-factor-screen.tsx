import { useNavigate, useSearchParams } from '@solidjs/router';
import { For, Show, Suspense, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { Button } from '#web/ui/button/button.tsx';
import { CopyButton } from '#web/ui/copy-button/copy-button.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { QrCode } from '#web/ui/qr-code/qr-code.tsx';
import { auth, registerPasskey } from './auth-api.ts';
import type { SignInStep } from './auth-api.ts';
import { AuthFrame } from './auth-frame.tsx';
import { createSubmit } from './create-submit.ts';
import { consolePathFor, safeNext } from './next-step.ts';

interface Enrolment {
  readonly totpUri: string;
  readonly backupCodes: readonly string[];
}

function secretOf(totpUri: string): string {
  return (new URL(totpUri).searchParams.get('secret') ?? '').replaceAll(/(.{4})(?=.)/g, '$1 ');
}

function RecoveryCodes(props: { codes: readonly string[]; goOn: () => void }): JSX.Element {
  return (
    <div class="flex flex-col gap-4">
      <ol class="grid grid-cols-2 gap-x-6 gap-y-1 rounded-card border border-line bg-raised p-4 font-mono">
        <For each={props.codes}>{(code) => <li>{code}</li>}</For>
      </ol>
      <div class="flex gap-2">
        <CopyButton text={props.codes.join('\n')} label="Copy the codes" />
        <Button kind="primary" class="ml-auto" onClick={() => props.goOn()}>
          I have stored them
        </Button>
      </div>
    </div>
  );
}

/** Adds the second factor that staff must have: an authenticator app with its recovery codes, or a passkey. */
export function SecondFactorScreen(): JSX.Element {
  const [params] = useSearchParams<{ next?: string }>();
  const navigate = useNavigate();
  const [password, setPassword] = createSignal('');
  const [code, setCode] = createSignal('');
  const [enrolment, setEnrolment] = createSignal<Enrolment>();
  const [done, setDone] = createSignal<SignInStep>();

  const goOn = (step: SignInStep): void => {
    const next = safeNext(params.next, '/');
    if (step === 'ready') location.assign(next);
    else navigate(consolePathFor(step, next));
  };
  const begin = createSubmit(async () => void setEnrolment(await auth.enrolTotp(password())));
  const confirm = createSubmit(async () => void setDone((await auth.confirmTotp(code().replaceAll(/\s/g, ''))).step));
  const passkey = createSubmit(async () => goOn((await registerPasskey('This device')).step));

  return (
    <Show
      when={enrolment()}
      fallback={
        <AuthFrame
          name="Bailiwick"
          title="Protect your sign-in"
          lead="Staff reach the machines of many companies, so a password alone is not enough."
        >
          <form class="flex flex-col gap-4" onSubmit={begin.onSubmit}>
            <FormProblem problem={begin.problem() ?? passkey.problem()} />
            <Field label="Your password, once more" isRequired error={begin.problem()?.fields['password']}>
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
            <Button type="submit" kind="primary" class="h-9" isBusy={begin.isBusy()}>
              Use an authenticator app
            </Button>
            <Button class="h-9" isBusy={passkey.isBusy()} onClick={passkey.run}>
              Use a passkey on this device
            </Button>
          </form>
        </AuthFrame>
      }
    >
      {(begun) => (
        <Show
          when={done()}
          fallback={
            <AuthFrame
              name="Bailiwick"
              title="Scan the code"
              lead="With any authenticator app. Then enter the six digits that it shows."
            >
              <form class="flex flex-col gap-4" onSubmit={confirm.onSubmit}>
                <Suspense fallback={<div class="size-44 breathe rounded-card bg-pressed" />}>
                  <QrCode text={begun().totpUri} label="QR code for the authenticator app" />
                </Suspense>
                <p class="text-muted">
                  Cannot scan? Enter this key: <code class="text-text">{secretOf(begun().totpUri)}</code>
                </p>
                <FormProblem problem={confirm.problem()} />
                <Field label="Six digits" isRequired error={confirm.problem()?.fields['code']}>
                  {(control) => (
                    <Input
                      {...control}
                      isMono
                      class="h-9"
                      inputmode="numeric"
                      autocomplete="one-time-code"
                      required
                      value={code()}
                      onInput={(event) => setCode(event.currentTarget.value)}
                    />
                  )}
                </Field>
                <Button type="submit" kind="primary" class="h-9" isBusy={confirm.isBusy()}>
                  Confirm
                </Button>
              </form>
            </AuthFrame>
          }
        >
          {(step) => (
            <AuthFrame
              name="Bailiwick"
              title="Store your recovery codes"
              lead="Each signs you in once if the app is lost. They are not shown again."
            >
              <RecoveryCodes codes={begun().backupCodes} goOn={() => goOn(step())} />
            </AuthFrame>
          )}
        </Show>
      )}
    </Show>
  );
}
