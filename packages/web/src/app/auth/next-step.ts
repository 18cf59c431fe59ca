import type { SignInStep } from './auth-api.ts';

/** A path of this door to go back to after signing in; anything that could lead to another site is refused. */
export function safeNext(next: string | null | undefined, fallback: string): string {
  if (next === null || next === undefined || !/^\/(?![/\\])/.test(next)) return fallback;
  // Browsers drop tabs and line ends from an address before they read it, so that "/<tab>/evil" would be "//evil".
  return /\p{Cc}/u.test(next) ? fallback : next;
}

/** Where the console goes on after a step of signing in. `ready` leaves by a full load, so that the shell starts clean. */
export function consolePathFor(step: SignInStep, next: string): string {
  const query = next === '/' ? '' : `?next=${encodeURIComponent(next)}`;
  switch (step) {
    case 'ready':
      return next;
    case 'enrol':
      return `/second-factor${query}`;
    case 'choose-membership':
    case 'no-membership':
      return `/choose-membership${query}`;
    case 'sign-in':
    case 'second-factor':
      return `/sign-in${query}`;
  }
}
