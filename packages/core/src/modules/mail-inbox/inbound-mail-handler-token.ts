import type { InjectionToken } from 'tsyringe';
import type { InboundMailHandler } from './mail-inbox-needs.ts';

/** Given at composition. While it is not, mails are stored and wait. */
export const InboundMailHandlerToken: InjectionToken<InboundMailHandler> = Symbol('InboundMailHandler');
