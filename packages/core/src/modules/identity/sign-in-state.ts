import type { MspId } from '#kernel/id';
import { UnauthenticatedError } from '#kernel/errors';
import type { Directory } from '#modules/directory';
import type { ContactQueries, MspQueries, ClientQueries } from '#modules/tenancy';
import { type ContactId, type ContactView } from '#modules/tenancy';
import type { CredentialResolver, LookupScope } from './credential-resolver.ts';
import type { StaffId } from './identity-table.ts';
import type { Logins, OpenSession } from './logins.ts';
import type { MembershipFacts } from './membership-facts.ts';

/** What a person at the sign-in page has to do next. */
export type SignInStep = 'sign-in' | 'second-factor' | 'enrol' | 'choose-membership' | 'no-membership' | 'ready';

/** A membership to choose. */
export interface MembershipChoice {
  readonly membershipId: string;
  readonly kind: 'staff' | 'contact';
  readonly mspName: string;
  /** The client that a contact belongs to; null for staff. */
  readonly clientName: string | null;
}

/** Who is signed in, as the web's shell shows it. */
export interface SessionView {
  readonly person: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    /** What a contact reads the portal in; null for staff and for who has not chosen. */
    readonly language: string | null;
    /** Whether a contact reads the tickets of colleagues too. */
    readonly seesCompanyTickets: boolean;
  };
  readonly audience: 'staff' | 'client';
  readonly msp: {
    readonly id: string;
    readonly name: string;
    readonly slug: string;
    readonly accentHue: number;
    readonly timeZone: string;
    readonly currency: string;
    readonly locale: string;
  };
  readonly client?: { readonly id: string; readonly name: string };
  readonly permissions: readonly string[];
  readonly reach: { readonly kind: 'all' | 'only' | 'except'; readonly clientIds?: readonly string[] };
  readonly hasOtherMemberships: boolean;
}

interface Deps {
  readonly logins: Logins;
  readonly directory: Directory;
  readonly facts: MembershipFacts;
  readonly resolver: CredentialResolver;
  readonly contacts: ContactQueries;
  readonly clients: ClientQueries;
  readonly msps: MspQueries;
}

/** Reads how far somebody has come in signing in. */
export class SignInState {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** What is left to do with this session. */
  async stepOf(session: OpenSession | null, lookupScope: LookupScope): Promise<SignInStep> {
    if (session === null) return 'sign-in';
    if (session.membershipKind !== 'contact' && session.factor !== 'totp' && session.factor !== 'passkey')
      return (await this.mayEnrol(session)) ? 'enrol' : 'sign-in';
    if (session.membershipId !== null) {
      const facts = await this.#deps.resolver.ofSession(session, lookupScope).catch((error: unknown) => {
        if (error instanceof UnauthenticatedError) return null;
        throw error;
      });
      if (facts !== null) return 'ready';
    }
    return (await this.choices(session, lookupScope)).length === 0 ? 'no-membership' : 'choose-membership';
  }

  /**
   * Whether this session may add a second factor or a passkey. One that has only proved a password may, as long as nothing stronger is enrolled; else a stolen
   * password could enrol its thief. A magic link never may: whoever reads the mail could become staff by it.
   */
  async mayEnrol(session: OpenSession): Promise<boolean> {
    if (session.factor === 'totp' || session.factor === 'passkey') return true;
    if (session.factor !== 'password') return false;
    const { hasTotp, passkeys } = await this.#deps.logins.factorsOf(session.loginId);
    return !hasTotp && passkeys === 0;
  }

  /** The memberships that this session may take: a magic link only those of its own person as a contact. */
  async choices(session: OpenSession, lookupScope: LookupScope): Promise<MembershipChoice[]> {
    if (session.membershipKind === 'contact') return this.#contactChoices(session, lookupScope);
    if (session.factor === 'magic-link') return [];
    const choices: MembershipChoice[] = [];
    for (const membership of await this.#deps.directory.membershipsOf(session.loginId)) {
      if (membership.kind !== 'staff') continue;
      const scope = lookupScope(membership.mspId);
      const staff = await this.#deps.facts.activeStaff(scope, membership.membershipId as StaffId);
      if (staff === null || staff.login_id !== session.loginId) continue;
      const msp = await this.#deps.msps.get(scope);
      choices.push({ membershipId: staff.id, kind: 'staff', mspName: msp.name, clientName: null });
    }
    return choices;
  }

  /** The MSP of a membership that this session may take, or null. */
  async mspOfChoice(session: OpenSession, membershipId: string, lookupScope: LookupScope): Promise<MspId | null> {
    const choice = (await this.choices(session, lookupScope)).find((one) => one.membershipId === membershipId);
    if (choice === undefined) return null;
    if (choice.kind === 'contact') return session.mspId as MspId;
    const memberships = await this.#deps.directory.membershipsOf(session.loginId);
    return memberships.find((one) => one.membershipId === membershipId)?.mspId ?? null;
  }

  /** Throws as `CredentialResolver.resolve` does. */
  async view(session: OpenSession | null, lookupScope: LookupScope): Promise<SessionView> {
    const facts = await this.#deps.resolver.ofSession(session, lookupScope);
    const scope = lookupScope(facts.mspId);
    const msp = await this.#deps.msps.get(scope);
    const { reach } = facts;
    const contact = await this.#contactOf(session, lookupScope);
    const email = contact === null ? (session?.email ?? '') : contact.email;
    return {
      person: {
        id: facts.actor.id,
        name: facts.actor.label,
        email,
        language: contact?.language ?? null,
        seesCompanyTickets: contact?.portalRole === 'manager' || contact?.seesCompanyTickets === true,
      },
      audience: facts.audience === 'client' ? 'client' : 'staff',
      msp: {
        id: msp.id,
        name: msp.name,
        slug: msp.slug,
        accentHue: msp.accentHue,
        timeZone: msp.timeZone,
        currency: msp.currency,
        locale: msp.locale,
      },
      ...(facts.client === undefined ? {} : { client: facts.client }),
      permissions: [...facts.permissions].toSorted(),
      reach: reach.kind === 'all' ? { kind: 'all' } : { kind: reach.kind, clientIds: reach.clientIds },
      hasOtherMemberships: session !== null && (await this.choices(session, lookupScope)).length > 1,
    };
  }

  async #contactOf(session: OpenSession | null, lookupScope: LookupScope): Promise<ContactView | null> {
    if (session?.membershipKind !== 'contact') return null;
    return this.#deps.contacts.find(lookupScope(session.mspId as MspId), session.membershipId as ContactId);
  }

  async #contactChoices(session: OpenSession, lookupScope: LookupScope): Promise<MembershipChoice[]> {
    const scope = lookupScope(session.mspId as MspId);
    const own = await this.#deps.contacts.find(scope, session.membershipId as ContactId);
    if (own === null || (await this.#deps.facts.ofContact(scope, own.id as ContactId, session.loginId)) === null)
      return [];
    const msp = await this.#deps.msps.get(scope);
    const contacts = await this.#deps.contacts.inPortalOfPerson(scope, own.personId as never);
    return Promise.all(
      contacts.map(async (contact) => ({
        membershipId: contact.id,
        kind: 'contact' as const,
        mspName: msp.name,
        clientName: (await this.#deps.clients.get(scope, contact.clientId as never)).name,
      })),
    );
  }
}
