import { createContext, useContext } from 'solid-js';
import type { JSX } from 'solid-js';

/** Who is signed in, as which membership, and what they may do. The server's `SessionView`. */
export interface Session {
  readonly person: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    /** What a contact chose to read the portal in; null where they chose nothing. */
    readonly language?: string | null;
    /** Whether a contact reads the tickets of colleagues too. */
    readonly seesCompanyTickets?: boolean;
  };
  readonly audience: 'staff' | 'client';
  readonly msp: {
    readonly id: string;
    readonly name: string;
    readonly slug: string;
    /** The hue of the MSP's colour, in degrees of OKLCH. */
    readonly accentHue: number;
    readonly timeZone: string;
    readonly currency: string;
    readonly locale: string;
  };
  /** The client of a contact; absent for staff. */
  readonly client?: { readonly id: string; readonly name: string };
  readonly permissions: readonly string[];
  readonly hasOtherMemberships: boolean;
}

interface SessionContextValue {
  readonly session: () => Session;
  /** Whether the person holds this permission, `tickets.open-ticket`. The server decides; this only hides what would be refused. */
  readonly can: (permission: string) => boolean;
}

const SessionContext = createContext<SessionContextValue>();

/** Gives the session to everything inside. */
export function SessionProvider(props: { session: Session; children: JSX.Element }): JSX.Element {
  const value: SessionContextValue = {
    session: () => props.session,
    can: (permission) => props.session.permissions.includes(permission),
  };
  return <SessionContext.Provider value={value}>{props.children}</SessionContext.Provider>;
}

/** The session of the signed-in person. Only inside a door's shell. */
export function useSession(): SessionContextValue {
  const value = useContext(SessionContext);
  if (value === undefined) throw new Error('useSession is called outside of a shell.');
  return value;
}
