import type { InjectionToken } from 'tsyringe';
import type { MailLinks } from './mail-intake-needs.ts';

/** Absent where nobody has any. */
export const MailLinksToken: InjectionToken<MailLinks> = Symbol('MailLinks');
