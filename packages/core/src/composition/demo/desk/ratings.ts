import { MailLinksToken } from '#modules/mail-intake';
import { satisfactionModule } from '#modules/satisfaction';
import type { TicketId } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import type { Stage, StagedClient } from '../stage.ts';
import { act } from './act.ts';
import { RATING_WORDS } from './texts.ts';

/** Northgate asks since so many days. */
const ASKS_SINCE_DAYS = 70;
/** From five downwards. */
const SCORES = [5, 5, 5, 5, 5, 4, 4, 4, 3, 2, 1] as const;

/** Asks the contact how a ticket was resolved, which was just now; three in five answer within two days. */
export async function askForRating(
  stage: Stage,
  contact: StagedClient['contacts'][number],
  ticketId: TicketId,
): Promise<void> {
  const { container, clock, system } = stage;
  const now = clock.now();
  if (Temporal.Instant.compare(now, clock.present.subtract({ hours: 24 * ASKS_SINCE_DAYS })) < 0) return;
  await container
    .resolve(ScopedDb)
    .transaction(system, (tx) => container.resolve(MailLinksToken).askApart(tx, ticketId));
  const random = stage.random.fork(
    `rating-${contact.email}-${now.epochMilliseconds - clock.present.epochMilliseconds}`,
  );
  const answeredAt = now.add({ minutes: random.int(3, 60 * 48) });
  if (!random.chance(0.6) || Temporal.Instant.compare(answeredAt, clock.present) > 0) return;
  const operations = satisfactionModule.operations(container);
  const { rating } = await act(operations.getPortalRating, contact.scope, { ticketId });
  if (rating === null) return;
  const score = random.pick(SCORES);
  const comment = random.pick(RATING_WORDS[score] ?? ['']);
  await clock.at(answeredAt, () =>
    act(operations.rateInPortal, contact.scope, { ratingId: rating.id, score, comment }),
  );
}
