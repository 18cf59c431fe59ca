import { z } from 'zod';
import { text } from '#kernel/text';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import {
  listRatingsInput,
  portalRatingInput,
  portalRatingView,
  ratingView,
  summaryInput,
  summaryView,
  ticketRatingsInput,
  type RatingQueries,
} from './rating-queries.ts';
import { ratingIdSchema, scoreSchema, type RateByLink } from './rate-by-link.ts';
import { settingInput, type RatingSetting } from './rating-setting.ts';

const PORTAL = 'satisfaction.rate-in-portal';
const READ = 'satisfaction.read-ratings';

/** What staff may ask about ratings. */
export function satisfactionOperations({
  ratings,
  setting,
  rate,
}: {
  ratings: RatingQueries;
  setting: RatingSetting;
  rate: RateByLink;
}) {
  return {
    listRatings: defineQuery({
      name: 'satisfaction.list-ratings',
      permission: READ,
      input: listRatingsInput,
      output: pageOf(ratingView),
      rest: { method: 'GET', path: '/ratings', summary: 'What contacts said, the newest first' },
      run: (scope, input) => ratings.list(scope, input),
    }),
    listTicketRatings: defineQuery({
      name: 'satisfaction.list-ticket-ratings',
      permission: READ,
      input: ticketRatingsInput,
      output: z.object({ items: z.array(ratingView) }),
      rest: { method: 'GET', path: '/tickets/{ticketId}/ratings', summary: 'How a ticket was rated' },
      run: async (scope, input) => ({ items: await ratings.ofTicket(scope, input.ticketId) }),
    }),
    ratingSummary: defineQuery({
      name: 'satisfaction.summarise',
      permission: READ,
      input: summaryInput,
      output: summaryView,
      rest: { method: 'GET', path: '/rating-summary', summary: 'How many were asked, answered and were satisfied' },
      run: (scope, input) => ratings.summary(scope, input),
    }),
    getSetting: defineQuery({
      name: 'satisfaction.get-setting',
      permission: READ,
      input: z.object({}),
      output: settingInput,
      rest: { method: 'GET', path: '/rating-setting', summary: 'Whether and how often contacts are asked' },
      run: (scope) => setting.get(scope),
    }),
    setSetting: defineCommand({
      name: 'satisfaction.set-setting',
      permission: 'satisfaction.manage-rating',
      input: settingInput,
      output: z.object({}),
      rest: { method: 'PUT', path: '/rating-setting', summary: 'Say whether and how often contacts are asked' },
      run: async (scope, input) => {
        await setting.set(scope, input);
        return {};
      },
    }),
    ...portalOperations({ ratings, rate }),
  };
}

function portalOperations({ ratings, rate }: { ratings: RatingQueries; rate: RateByLink }) {
  return {
    getPortalRating: defineQuery({
      name: 'satisfaction.get-portal-rating',
      permission: PORTAL,
      audience: 'client',
      input: portalRatingInput,
      output: z.object({ rating: portalRatingView.nullable() }),
      rest: {
        method: 'GET',
        path: '/portal/tickets/{ticketId}/rating',
        summary: 'What the caller was asked about a ticket, and said',
      },
      run: async (scope, input) => ({ rating: await ratings.ofContact(scope, input.ticketId) }),
    }),
    rateInPortal: defineCommand({
      name: 'satisfaction.rate-in-portal',
      permission: PORTAL,
      audience: 'client',
      input: z.object({
        ratingId: ratingIdSchema,
        score: scoreSchema,
        comment: text({ min: 0, max: 2000 }).optional(),
      }),
      output: z.object({}),
      rest: { method: 'PUT', path: '/portal/ratings/{ratingId}', summary: 'Say how a ticket was resolved' },
      run: async (scope, { ratingId, ...said }) => {
        await rate.rate(scope, ratingId, said);
        return {};
      },
    }),
  };
}
