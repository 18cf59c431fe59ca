import type { Writable } from 'node:stream';
import type pg from 'pg';

/** Gathers what is sent to one connection without waiting in between into one packet: a system call for each message costs half of what a small statement costs. */
export function inOneWrite<Sent>(client: pg.PoolClient, send: () => Sent): Sent {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  try {
    return send();
  } finally {
    // After all that promises which are settled now still send.
    process.nextTick(() => stream.uncork());
  }
}
