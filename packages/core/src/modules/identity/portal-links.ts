import { randomBytes } from 'node:crypto';
import type { Clock } from '#kernel/clock';
import { ConflictError, UnauthenticatedError } from '#kernel/errors';
import { newId, type ClientId, type MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { Directory } from '#modules/directory';
import type { ContactQueries, MspQueries } from '#modules/tenancy';
import { type ContactId, type ContactView, type PersonId } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { Mailer } from '#platform/mail/mailer';
import { mailWordsFor } from '#platform/mail-language/mail-language';
import type { LookupScope } from './credential-resolver.ts';
import type { IdentityTables, LoginId } from './identity-table.ts';
import type { Answered, Logins, SignInRequest } from './logins.ts';

const LINK_MINUTES = 15;
const INVITATION_HOURS = 168;

interface Deps {
  readonly db: ScopedDb;
  readonly directory: Directory;
  readonly contacts: ContactQueries;
  readonly msps: MspQueries;
  readonly logins: Logins;
  readonly mailer: Mailer;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly publicUrl: string;
}

/**
 * Links by which contacts enter the portal. A link belongs to a contact, not to an address, and opens a login of that person at that MSP alone: the same
 * address elsewhere, or as staff, is never reached by it.
 */
export class PortalLinks {
  readonly #db: ScopedDb<IdentityTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<IdentityTables>();
    this.#deps = deps;
  }

  /** Mails a link to each person with this address who may enter the portal. Tells the caller nothing about whether there is one. */
  async request(email: string, mspSlug: string | undefined, lookup: LookupScope): Promise<void> {
    const { contacts } = this.#deps;
    const mspId = await this.#mspOf(mspSlug);
    if (mspId === null) return;
    const scope = lookup(mspId);
    const persons = new Set<string>();
    for (const contact of await contacts.inPortalByEmail(scope, email)) {
      if (persons.has(contact.personId)) continue;
      persons.add(contact.personId);
      await this.#mail(scope, contact, Temporal.Duration.from({ minutes: LINK_MINUTES }));
    }
  }

  /** Whose portal it is, for the page before the sign-in; null where that is not sure. */
  async brand(mspSlug: string | undefined, lookup: LookupScope): Promise<{ name: string; accentHue: number } | null> {
    const mspId = await this.#mspOf(mspSlug);
    if (mspId === null) return null;
    const { name, accentHue } = await this.#deps.msps.get(lookup(mspId));
    return { name, accentHue };
  }

  /** Invites a contact into the portal, by a link that works once within a week. Throws `identity.no-portal-access`. */
  async invite(scope: TenantScope, contactId: ContactId): Promise<void> {
    const contact = await this.#deps.contacts.get(scope, contactId);
    if (!contact.isActive || contact.portalRole === 'none')
      throw new ConflictError('identity.no-portal-access', 'Give this contact a role in the portal first.');
    await this.#mail(scope, contact, Temporal.Duration.from({ hours: INVITATION_HOURS }));
  }

  /** Opens a session for who follows a link. Throws `identity.link-over`. */
  async enter(secret: string, request: SignInRequest, lookup: LookupScope): Promise<Answered<{ token: string }>> {
    const { directory, contacts, logins } = this.#deps;
    const route = await directory.findRoute('portal-login', secret);
    if (route === null) throw over();
    const scope = lookup(route.mspId);
    const contact = await contacts.find(scope, route.subjectId as ContactId);
    if (contact === null || !contact.isActive || contact.portalRole === 'none') throw over();
    const taken = await this.#db.transaction(scope, (tx) => directory.takeRoute(tx, 'portal-login', secret));
    if (!taken) throw over();
    const loginId = await this.#loginOf(scope, contact);
    return logins.openSession(request, {
      loginId,
      factor: 'magic-link',
      mspId: route.mspId as MspId,
      membershipId: contact.id,
      membershipKind: 'contact',
    });
  }

  /** The active MSP of that slug; without one, the only MSP of the install. */
  async #mspOf(slug: string | undefined): Promise<MspId | null> {
    const msps = (await this.#deps.directory.listMsps()).filter((msp) => msp.state === 'active');
    const [msp, another] = slug === undefined ? msps : msps.filter((one) => one.slug === slug);
    return msp === undefined || another !== undefined ? null : msp.mspId;
  }

  async #mail(scope: TenantScope, contact: ContactView, validFor: Temporal.Duration): Promise<void> {
    const { directory, mailer, msps, audit, clock, publicUrl } = this.#deps;
    const secret = randomBytes(32).toString('base64url');
    const msp = await msps.get(scope);
    const clientId = contact.clientId as ClientId;
    const minutes = validFor.total('minutes');
    const { hello, portal } = mailWordsFor(contact.language, msp.locale).say;
    const span = minutes < 60 ? portal.minutes(minutes) : portal.days(Math.round(minutes / 1440));
    await this.#db.transaction(scope, async (tx) => {
      const expiresAt = clock.now().add({ minutes });
      await directory.addRoute(tx, { kind: 'portal-login', secret, clientId, subjectId: contact.id, expiresAt });
      await mailer.send(tx, {
        clientId,
        purpose: 'identity.portal-link',
        to: [{ address: contact.email, name: contact.name }],
        fromName: msp.name,
        subject: portal.subject(msp.name),
        text: `${hello(contact.name)}\n\n${portal.open(span)}\n${publicUrl}/portal/enter#${secret}\n\n${portal.ignore}\n`,
        isSecret: true,
      });
      await audit.record(tx, {
        action: 'identity.send-portal-link',
        subject: { kind: 'contact', id: contact.id, clientId },
        summary: `Mailed ${contact.name} a link into the portal`,
        isClientVisible: true,
      });
    });
  }

  /** The person's login at this MSP. Two who enter first at once agree on one: the later insert finds the earlier. */
  async #loginOf(scope: TenantScope, contact: ContactView): Promise<LoginId> {
    const personId = contact.personId as PersonId;
    const find = () =>
      this.#db.readFirst(scope, (query) =>
        query.selectFrom('identity_portal_login').select('login_id').where('person_id', '=', personId),
      );
    const known = await find();
    if (known !== undefined) return known.login_id;
    const id: LoginId = newId();
    // Not the person's address: a login by that address may exist, and is not theirs to get by a mail.
    await this.#deps.logins.create({ id, email: `${id}@portal.invalid`, name: contact.name });
    await this.#db.transaction(scope, async (tx) => {
      await tx.query
        .insertInto('identity_portal_login')
        .values({ msp_id: scope.mspId, person_id: personId, login_id: id, created_at: this.#deps.clock.now() })
        .onConflict((conflict) => conflict.columns(['msp_id', 'person_id']).doNothing())
        .execute();
    });
    const linked = await find();
    if (linked !== undefined && linked.login_id !== id) await this.#deps.logins.remove(id);
    return linked?.login_id ?? id;
  }
}

function over(): UnauthenticatedError {
  return new UnauthenticatedError(
    'identity.link-over',
    'This link does not work any more: it was used, or is too old. Ask for a new one.',
  );
}
