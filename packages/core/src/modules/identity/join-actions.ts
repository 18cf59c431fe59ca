import { z } from 'zod';
import { acceptInvitationInput, lookAtInvitationInput, type AcceptInvitation } from './accept-invitation.ts';
import { doorAction, type DoorAction } from './door-action.ts';
import type { PortalLinks } from './portal-links.ts';
import { entered, type SignInNeeds } from './sign-in-actions.ts';
import { ADDRESS_TRIES, LINK_TRIES, PORTAL_MAILS } from './sign-in-limits.ts';

interface Needs extends SignInNeeds {
  readonly acceptInvitation: AcceptInvitation;
  readonly portalLinks: PortalLinks;
}

/** Coming in by a link: staff by invitation, contacts into the portal. */
export function joinActions(needs: Needs): DoorAction[] {
  const { limiter, logins, acceptInvitation, portalLinks } = needs;
  return [
    doorAction('look-at-invitation', lookAtInvitationInput, async ({ token }, request, lookup) => {
      await limiter.take(LINK_TRIES, request.ip);
      return { body: await acceptInvitation.look(token, lookup), cookies: [] };
    }),
    doorAction('accept-invitation', acceptInvitationInput, async (input, request, lookup) => {
      await limiter.take(LINK_TRIES, request.ip);
      const current = await logins.session(request);
      return entered(needs, await acceptInvitation.run(input, current, request, lookup), request, lookup);
    }),
    doorAction('portal-brand', z.object({ msp: z.string().max(40).optional() }), async ({ msp }, _, lookup) => ({
      body: { brand: await portalLinks.brand(msp, lookup) },
      cookies: [],
    })),
    doorAction(
      'request-portal-link',
      z.object({ email: z.email().max(254).toLowerCase(), msp: z.string().max(40).optional() }),
      async ({ email, msp }, request, lookup) => {
        await limiter.take(ADDRESS_TRIES, request.ip);
        await limiter.take(PORTAL_MAILS, email);
        await portalLinks.request(email, msp, lookup);
        return { body: { isSent: true }, cookies: [] };
      },
    ),
    doorAction('enter-portal', z.object({ token: z.string().max(200) }), async ({ token }, request, lookup) => {
      await limiter.take(LINK_TRIES, request.ip);
      return entered(needs, await portalLinks.enter(token, request, lookup), request, lookup);
    }),
  ];
}
