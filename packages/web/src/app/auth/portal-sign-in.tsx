import MailCheck from 'lucide-solid/icons/mail-check';
import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { Button } from '#web/ui/button/button.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { auth } from './auth-api.ts';
import { AuthFrame } from './auth-frame.tsx';
import { createSubmit } from './create-submit.ts';
import { createPortalBrand } from './portal-brand.ts';
import { t } from '#web/language/language.ts';

/** A contact asks for a link by mail. The answer is the same whether the address is known or not. */
export function PortalSignIn(): JSX.Element {
  const brand = createPortalBrand();
  const [email, setEmail] = createSignal('');
  const [isSent, setSent] = createSignal(false);
  const submit = createSubmit(async () => {
    await auth.requestPortalLink(email());
    setSent(true);
  });
  return (
    <Show
      when={isSent()}
      fallback={
        <AuthFrame name={brand()} title={t('signIn.welcome')} lead={t('signIn.lead')}>
          <form class="flex flex-col gap-5" onSubmit={submit.onSubmit}>
            <FormProblem problem={submit.problem()} />
            <Field label={t('signIn.email')} isRequired error={submit.problem()?.fields['email']}>
              {(control) => (
                <Input
                  {...control}
                  class="h-11"
                  type="email"
                  autocomplete="email"
                  autofocus
                  required
                  value={email()}
                  onInput={(event) => setEmail(event.currentTarget.value)}
                />
              )}
            </Field>
            <Button type="submit" kind="primary" size="large" isBusy={submit.isBusy()}>
              {t('signIn.send')}
            </Button>
          </form>
        </AuthFrame>
      }
    >
      <AuthFrame name={brand()} title={t('signIn.check')} lead={t('signIn.onItsWay', { email: email() })}>
        <div class="flex items-center gap-3" role="status">
          <MailCheck size={22} class="text-ok" />
          <span>{t('signIn.close')}</span>
        </div>
        <Button kind="quiet" class="mt-6" onClick={() => setSent(false)}>
          {t('signIn.another')}
        </Button>
      </AuthFrame>
    </Show>
  );
}
