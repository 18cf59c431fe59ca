import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { auth, linkSecret } from './auth-api.ts';
import { AuthFrame } from './auth-frame.tsx';
import { createSubmit } from './create-submit.ts';
import { createPortalBrand } from './portal-brand.ts';
import { t } from '#web/language/language.ts';

/**
 * Where the link in the mail leads. The token is used by a press and not by the visit: mail scanners visit every link
 * that they see, and would use it up.
 */
export function PortalEnter(): JSX.Element {
  const brand = createPortalBrand();
  const secret = linkSecret();
  const submit = createSubmit(async () => {
    await auth.enterPortal(secret);
    location.replace('/portal');
  });
  return (
    <AuthFrame name={brand()} title={t('signIn.nearly')} lead={t('signIn.onceOnly')}>
      <Show
        when={submit.problem() ?? (secret === '' || undefined)}
        fallback={
          <Button kind="primary" size="large" class="w-full" isBusy={submit.isBusy()} onClick={submit.run}>
            {t('signIn.enter')}
          </Button>
        }
      >
        <p role="alert" class="mb-5">
          {submit.problem()?.message ?? t('signIn.incomplete')} {t('signIn.shortLived')}
        </p>
        <A href="/sign-in" class={buttonClass({ kind: 'primary', size: 'large' })}>
          {t('signIn.newLink')}
        </A>
      </Show>
    </AuthFrame>
  );
}
