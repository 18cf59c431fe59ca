import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { auth, linkSecret } from './auth-api.ts';
import { AuthFrame } from './auth-frame.tsx';
import { createSubmit } from './create-submit.ts';
import { createPortalBrand } from './portal-brand.ts';

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
    <AuthFrame name={brand()} title="You are nearly in" lead="This link signs you in on this device, once.">
      <Show
        when={submit.problem() ?? (secret === '' || undefined)}
        fallback={
          <Button kind="primary" size="large" class="w-full" isBusy={submit.isBusy()} onClick={submit.run}>
            Enter the portal
          </Button>
        }
      >
        <p role="alert" class="mb-5">
          {submit.problem()?.message ?? 'This link is not complete.'} Links work once and for a short time.
        </p>
        <A href="/sign-in" class={buttonClass({ kind: 'primary', size: 'large' })}>
          Send me a new link
        </A>
      </Show>
    </AuthFrame>
  );
}
