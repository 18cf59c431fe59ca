import type { z } from 'zod';

/**
 * A thing that happened, which others may want to know. Published in the transaction that did it. The payload carries ids, never the
 * data: a handler reads what it needs under its own scope.
 */
export interface EventDefinition<Name extends string = string, Payload = unknown> {
  readonly name: Name;
  readonly payload: z.ZodType<Payload>;
}

/** Defines an event. Names are `module.noun-past-verb`. */
export function defineEvent<const Name extends string, Payload>(
  name: Name,
  payload: z.ZodType<Payload>,
): EventDefinition<Name, Payload> {
  return { name, payload };
}

/** An event as a handler receives it. */
export interface PublishedEvent<Payload> {
  readonly eventId: string;
  readonly aggregateId: string;
  /** Rises by one with each change of the aggregate; a handler that needs order compares it. */
  readonly version: number;
  readonly payload: Payload;
}
