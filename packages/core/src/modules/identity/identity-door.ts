import type { CredentialResolver, LookupScope } from './credential-resolver.ts';
import type { DoorAction } from './door-action.ts';
import type { Answered, Logins, SignInRequest } from './logins.ts';
import type { ScopeFacts } from './membership-facts.ts';
import type { MembershipChoice, SessionView, SignInState, SignInStep } from './sign-in-state.ts';

/** What entry needs to let people in: the actions of signing in, and who is behind a request. */
export class IdentityDoor {
  readonly actions: readonly DoorAction[];
  readonly #logins: Logins;
  readonly #state: SignInState;
  readonly #resolver: CredentialResolver;

  constructor(deps: {
    actions: readonly DoorAction[];
    logins: Logins;
    state: SignInState;
    resolver: CredentialResolver;
  }) {
    this.actions = deps.actions;
    this.#logins = deps.logins;
    this.#state = deps.state;
    this.#resolver = deps.resolver;
  }

  /** Whoever a cookie or an API key stands for. Throws `UnauthenticatedError`. */
  resolve(request: SignInRequest, lookup: LookupScope): Promise<ScopeFacts> {
    return this.#resolver.resolve(request, lookup);
  }

  /** Who is signed in; an active session is prolonged by the cookies. Throws `UnauthenticatedError`. */
  async session(request: SignInRequest, lookup: LookupScope): Promise<Answered<SessionView>> {
    const { body, cookies } = await this.#logins.refresh(request);
    return { body: await this.#state.view(body, lookup), cookies };
  }

  /** How far somebody has come, and what they may choose from. */
  async step(
    request: SignInRequest,
    lookup: LookupScope,
  ): Promise<{ step: SignInStep; memberships: MembershipChoice[] }> {
    const session = await this.#logins.session(request);
    const step = await this.#state.stepOf(session, lookup);
    const isIn = step === 'ready' || step === 'choose-membership';
    return { step, memberships: isIn && session !== null ? await this.#state.choices(session, lookup) : [] };
  }
}
