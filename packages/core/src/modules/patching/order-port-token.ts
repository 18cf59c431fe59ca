import type { InjectionToken } from 'tsyringe';
import type { OrderPort } from './patching-needs.ts';

/** The token under which the port is registered. */
export const OrderPortToken: InjectionToken<OrderPort> = Symbol('OrderPort');
