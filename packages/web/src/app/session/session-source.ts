import { postAuth } from '#web/app/auth/auth-api.ts';
import { problemFromResponse } from '#web/app/problem/problem.ts';
import type { Session } from './session.tsx';

/** Asks the server who is signed in. Null when nobody is, or when the session is for the other door. */
export async function fetchSession(audience: Session['audience'], signal?: AbortSignal): Promise<Session | null> {
  const response = await fetch('/api/auth/session', {
    headers: { accept: 'application/json' },
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.status === 401) return null;
  if (!response.ok) throw await problemFromResponse(response);
  const session = (await response.json()) as Session | null;
  return session?.audience === audience ? session : null;
}

/** Ends the session. One that has ended already is no error. */
export async function signOut(): Promise<void> {
  await postAuth('sign-out', {});
}
