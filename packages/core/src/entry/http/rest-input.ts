import type { Context } from 'hono';
import type { z } from 'zod';
import { InvalidInputError } from '#kernel/errors';

/** The kind of a schema under its optional, default and nullable wrappers. */
function baseType(schema: z.ZodType): string {
  let current: z.core.$ZodType = schema;
  for (;;) {
    const definition = current._zod.def as { type: string; innerType?: z.core.$ZodType; in?: z.core.$ZodType };
    const inner = definition.type === 'pipe' ? definition.in : definition.innerType;
    if (inner === undefined) return definition.type;
    current = inner;
  }
}

function shapeOf(schema: z.ZodType): Record<string, z.ZodType> {
  return (schema as unknown as { shape?: Record<string, z.ZodType> }).shape ?? {};
}

/**
 * An operation's raw input out of a REST request: path parameters, then the query for reads or the JSON body for changes. Query texts become
 * what the schema's field wants (repeated names a list, `true` a boolean, digits a number); the schema then decides.
 */
export async function restInput(context: Context, schema: z.ZodType): Promise<unknown> {
  const path = context.req.param() as Record<string, string>;
  if (context.req.method === 'GET' || context.req.method === 'DELETE' || isUpload(context))
    return { ...queryInput(context, schema), ...path };
  const body = await jsonBody(context);
  return { ...body, ...path };
}

/** Whether the body is a file, which its operation reads piece by piece and limits itself; any other body is small. */
export function isUpload(context: Context): boolean {
  return (
    context.req.method === 'POST' &&
    context.req.path.startsWith('/api/v1/') &&
    !(context.req.header('content-type') ?? '').includes('json') &&
    context.req.header('content-disposition') !== undefined
  );
}

function queryInput(context: Context, schema: z.ZodType): Record<string, unknown> {
  const shape = shapeOf(schema);
  const input: Record<string, unknown> = {};
  for (const [name, values] of Object.entries(context.req.queries())) {
    const field = shape[name];
    const kind = field === undefined ? 'string' : baseType(field);
    input[name] = kind === 'array' ? values : fromText(kind, values[0] ?? '');
  }
  return input;
}

function fromText(kind: string, text: string): unknown {
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return text;
}

async function jsonBody(context: Context): Promise<Record<string, unknown>> {
  const text = await context.req.text();
  if (text === '') return {};
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // Both ways to be wrong get the same answer.
  }
  throw new InvalidInputError('input.not-json', 'The body must be one JSON object.');
}
