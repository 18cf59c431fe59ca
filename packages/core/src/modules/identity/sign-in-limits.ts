import type { AttemptLimit } from './attempt-limiter.ts';

/** NIST SP 800-63B asks for at most 100 wrong tries in a row; ten in a quarter of an hour let nobody guess and few be locked out. */
export const PASSWORD_TRIES: AttemptLimit = { name: 'password', tries: 10, windowSeconds: 900 };
/** Many people of one office share an address. */
export const ADDRESS_TRIES: AttemptLimit = { name: 'address', tries: 100, windowSeconds: 900 };
/** Of a million codes, three at a time are right. */
export const CODE_TRIES: AttemptLimit = { name: 'code', tries: 10, windowSeconds: 900 };
export const LINK_TRIES: AttemptLimit = { name: 'link', tries: 60, windowSeconds: 900 };
export const PORTAL_MAILS: AttemptLimit = { name: 'portal-mail', tries: 5, windowSeconds: 3600 };
