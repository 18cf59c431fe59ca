import { randomBytes } from 'node:crypto';
import { z } from 'zod';

/** A UUID that names one kind of thing, so that a client's id cannot be passed where a ticket's is wanted. */
export type Id<Entity extends string> = string & { readonly __entity: Entity };

export type MspId = Id<'msp'>;
export type ClientId = Id<'client'>;

/**
 * The schema of an id in an operation's input or output. The entity's name stays readable at run time
 * (in its metadata), which is how the generated tenancy test knows whose id to put in.
 */
export function idSchema<const Entity extends string>(entity: Entity): z.ZodType<Id<Entity>, string> {
  return z.uuid({ error: `must be the id of a ${entity}` }).meta({ entity }) as unknown as z.ZodType<
    Id<Entity>,
    string
  >;
}

export const mspIdSchema = idSchema('msp');
export const clientIdSchema = idSchema('client');

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for the text form of any UUID. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

let lastMillisecond = 0;
let sequence = 0;

/**
 * A new UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then a 12-bit counter that keeps ids made in
 * one millisecond in order (method 1 of §6.2), then 62 random bits.
 */
export function newId<Entity extends string>(): Id<Entity> {
  const bytes = randomBytes(16);
  let millisecond = Temporal.Now.instant().epochMilliseconds;
  if (millisecond <= lastMillisecond) {
    sequence += 1;
    if (sequence > 0xfff) {
      lastMillisecond += 1;
      sequence = 0;
    }
    millisecond = lastMillisecond;
  } else {
    lastMillisecond = millisecond;
    sequence = bytes.readUInt16BE(6) & 0x7ff;
  }
  bytes.writeUIntBE(millisecond, 0, 6);
  bytes.writeUInt16BE(0x7000 | sequence, 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Id<Entity>;
}
