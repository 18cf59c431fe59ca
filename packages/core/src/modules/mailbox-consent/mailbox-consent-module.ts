import { z } from 'zod';
import { defineCommand, defineQuery } from '#kernel/operation';
import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { MailboxSignIn } from '#modules/mail-inbox';
import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, provide } from '#platform/module';
import { SecretBox } from '#platform/secrets/secret-box';
import { SettingsToken } from '#platform/settings-token';
import { AuthorizeMailbox, startConsentInput } from './authorize-mailbox.ts';

const MANAGE = 'mail-inbox.manage-mailboxes';

export const mailboxConsentModule = defineModule({
  name: 'mailbox-consent',
  tables: ['mailbox_consent'],
  permissions: [],
  register(container) {
    provide(
      container,
      AuthorizeMailbox,
      (c) =>
        new AuthorizeMailbox({
          db: c.resolve(ScopedDb),
          signIn: c.resolve(MailboxSignIn),
          box: c.resolve(SecretBox),
          audit: c.resolve(AuditTrail),
          clock: c.resolve(ClockToken),
          redirectUri: redirectUriOf(c.resolve(SettingsToken)),
        }),
    );
  },
  operations: (c) => ({
    getRegistration: defineQuery({
      name: 'mailbox-consent.get-registration',
      permission: MANAGE,
      input: z.object({}),
      output: z.object({ redirectUri: z.string() }),
      rest: {
        method: 'GET',
        path: '/mailbox-consent-registration',
        summary: 'The redirect address that an app must have at Microsoft or Google',
      },
      run: async () => ({ redirectUri: c.resolve(AuthorizeMailbox).redirectUri }),
    }),
    startConsent: defineCommand({
      name: 'mailbox-consent.start-consent',
      permission: MANAGE,
      input: startConsentInput,
      output: z.object({ url: z.string() }),
      rest: {
        method: 'POST',
        path: '/mailboxes/{mailboxId}/consent',
        summary: 'Begin a person’s consent to a mailbox: where to send their browser',
      },
      run: (scope, input) => c.resolve(AuthorizeMailbox).start(scope, input),
    }),
  }),
});

/** The one address that vendors send people back to; it is registered with each of them. */
function redirectUriOf(settings: { BAILIWICK_PUBLIC_URL?: string | undefined; PORT: number }): string {
  const origin = settings.BAILIWICK_PUBLIC_URL ?? `http://localhost:${settings.PORT}`;
  return `${origin.replace(/\/$/, '')}/api/mailbox-consent/callback`;
}
