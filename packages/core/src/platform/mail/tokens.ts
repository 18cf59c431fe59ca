import type { InjectionToken } from 'tsyringe';
import type { MailTransport } from './mail-transport.ts';

/** How mail leaves the server. */
export const MailTransportToken: InjectionToken<MailTransport> = Symbol('MailTransport');

/** The bare address that all mail comes from. */
export const MailFromToken: InjectionToken<string> = Symbol('MailFrom');
