import { createTRPCClient, httpBatchLink } from '@trpc/client';
import type { AppRouter } from './app-router.ts';

/** The server's operations, typed: `api.tickets.listTickets.query({ limit: 50 })`. */
export const api = createTRPCClient<AppRouter>({
  links: [
    httpBatchLink({
      url: '/api/trpc',
      maxURLLength: 4000,
      maxItems: 20,
      // A header that a form on another site cannot send.
      headers: { 'x-bailiwick-web': '1' },
    }),
  ],
});
