import type { Block } from '@bailiwick/sdk';
import * as z from 'zod';
import { CallFailed } from '../invocation.ts';
import { shapeSchema } from '../bundle/field-schema.ts';
import { checked } from './checked.ts';
import { isStorableInstant } from './storable.ts';

const MAX_BLOCKS = 200;
const MAX_BYTES = 262_144;
const MAX_TEXT = 10_000;

const text = z.string().max(MAX_TEXT);
const label = z.string().max(300);
const id = z.string().min(1).max(500);
const tone = z.enum(['neutral', 'good', 'warning', 'bad']).exactOptional();
const instant = z.string().max(40).refine(isStorableInstant, 'is no instant');
const json = z.record(z.string().max(100), z.json());

const cell = z.union([
  text,
  z.number(),
  z.null(),
  z.strictObject({ text, tone }),
  z.strictObject({ entity: label, id, text: label }),
  z.strictObject({ instant }),
]);

const block = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('heading'), text: label }),
  z.strictObject({ kind: z.literal('text'), text, tone }),
  z.strictObject({
    kind: z.literal('stats'),
    items: z.array(z.strictObject({ label, value: label, tone, hint: label.exactOptional() })).max(24),
  }),
  z.strictObject({
    kind: z.literal('table'),
    title: label.exactOptional(),
    columns: z
      .array(z.strictObject({ label, align: z.enum(['start', 'end']).exactOptional() }))
      .min(1)
      .max(20),
    rows: z.array(z.array(cell).max(20)).max(1000),
    empty: label.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('timeline'),
    title: label.exactOptional(),
    items: z.array(z.strictObject({ at: instant, text, tone })).max(500),
  }),
  z.strictObject({
    kind: z.literal('chart'),
    title: label,
    unit: z.string().max(50).exactOptional(),
    series: z
      .array(z.strictObject({ label, points: z.array(z.tuple([instant, z.number().nullable()])).max(2000) }))
      .max(12),
  }),
  z.strictObject({ kind: z.literal('entity-link'), entity: label, id, text: label }),
  z.strictObject({ kind: z.literal('action-button'), action: label, label, input: json.exactOptional() }),
  z.strictObject({ kind: z.literal('form'), fields: shapeSchema, submit: label }),
]);

/**
 * The blocks of a view: known kinds, known fields, texts only (the console shows them as text, so markup stays visible letters). At most 200 blocks
 * and 256 KiB; rows have as many cells as the table has columns.
 *
 * @throws CallFailed PluginBug, naming the field
 */
export function checkBlocks(value: unknown): readonly Block[] {
  const blocks = checked(z.array(block).max(MAX_BLOCKS), value, 'blocks');
  if (Buffer.byteLength(JSON.stringify(blocks)) > MAX_BYTES) throw bug('blocks: are larger than 256 KiB');
  for (const [index, part] of blocks.entries()) {
    if (part.kind === 'table' && part.rows.some((row) => row.length !== part.columns.length))
      throw bug(`blocks[${index}].rows: each row has as many cells as there are columns`);
  }
  return blocks as readonly Block[];
}

function bug(message: string): CallFailed {
  return new CallFailed('PluginBug', message);
}
