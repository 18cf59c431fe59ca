import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { Directory } from '#modules/directory';
import { MailboxQueries } from '#modules/mail-inbox';
import { MailLinksToken } from '#modules/mail-intake';
import { ContactQueries, MspQueries } from '#modules/tenancy';
import { ticketChanged, TicketQueries } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { LiveHub } from '#platform/live';
import { Mailer } from '#platform/mail/mailer';
import { defineModule, on, provide } from '#platform/module';
import { SettingsToken } from '#platform/settings-token';
import { AskForRating } from './ask-for-rating.ts';
import { RateByLink } from './rate-by-link.ts';
import { RatingQueries } from './rating-queries.ts';
import { RatingSetting } from './rating-setting.ts';
import { satisfactionOperations } from './satisfaction-operations.ts';
import { satisfactionPermissions } from './satisfaction-policy.ts';

export const satisfactionModule = defineModule({
  name: 'satisfaction',
  tables: ['satisfaction'],
  permissions: satisfactionPermissions,
  register(container) {
    const shared = () => ({
      db: container.resolve(ScopedDb),
      audit: container.resolve(AuditTrail),
      clock: container.resolve(ClockToken),
      tickets: container.resolve(TicketQueries),
      msps: container.resolve(MspQueries),
    });
    provide(
      container,
      RatingQueries,
      (c) => new RatingQueries({ db: c.resolve(ScopedDb), clock: c.resolve(ClockToken) }),
    );
    provide(container, RatingSetting, () => new RatingSetting(shared()));
    provide(
      container,
      RateByLink,
      (c) => new RateByLink({ ...shared(), contacts: c.resolve(ContactQueries), live: c.resolve(LiveHub) }),
    );
    provide(container, AskForRating, (c) => {
      const settings = c.resolve(SettingsToken);
      return new AskForRating({
        ...shared(),
        contacts: c.resolve(ContactQueries),
        directory: c.resolve(Directory),
        mailer: c.resolve(Mailer),
        mailboxes: c.resolve(MailboxQueries),
        publicUrl: (settings.BAILIWICK_PUBLIC_URL ?? `http://localhost:${settings.PORT}`).replace(/\/$/, ''),
      });
    });
    provide(container, MailLinksToken, (c) => c.resolve(AskForRating));
  },
  operations: (c) =>
    satisfactionOperations({
      ratings: c.resolve(RatingQueries),
      setting: c.resolve(RatingSetting),
      rate: c.resolve(RateByLink),
    }),
  subscriptions: (c) => [
    on(ticketChanged, 'ask-for-rating', (scope, { payload }) =>
      c.resolve(AskForRating).afterUnmailedChange(scope, payload.ticketId),
    ),
  ],
});
