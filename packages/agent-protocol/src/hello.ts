import { z } from 'zod';
import { STREAMS } from './reports.ts';
import { boundedText } from './text.ts';
import { instantSchema } from './wire.ts';

/** Runs that a folder may know: the last confirmed, and those whose hello may or may not have arrived. */
export const MAX_KNOWN_RUNS = 16;

/** How far one stream of one epoch is stored at the server. */
export const streamMarkSchema = z.strictObject({
  stream: z.enum(STREAMS),
  epoch: z.uuid(),
  sequence: z.int().min(0),
});
export type StreamMark = z.infer<typeof streamMarkSchema>;

/**
 * `POST /agent/v1/hello`, the first request of each run, with counter 1. `previousRunIds` are the runs that this state folder knows it began (more than one
 * after crashes in the middle of a hello). If the server's current run is none of them, somebody else used the key meanwhile.
 */
export const helloRequestSchema = z.strictObject({
  protocolVersions: z.array(z.int().min(1).max(1_000)).min(1).max(20),
  agentVersion: boundedText(50),
  previousRunIds: z.array(z.uuid()).max(MAX_KNOWN_RUNS),
  hostname: boundedText(253),
  bootId: z.uuid().optional(),
  orderPolicy: z.enum(['observe', 'allow', 'locked']),
});
export type HelloRequest = z.infer<typeof helloRequestSchema>;

export const helloAnswerSchema = z.object({
  protocolVersion: z.int(),
  reportIntervalSeconds: z.int().min(5).max(3_600),
  serverTime: instantSchema,
  marks: z.array(streamMarkSchema).max(100),
});
export type HelloAnswer = z.infer<typeof helloAnswerSchema>;
