import { ProtocolError } from './protocol-error.ts';

/**
 * The one text form of a JSON value (RFC 8785): keys in the order of their UTF-16 code units, no white space, numbers as ECMAScript writes them.
 * Throws `agent.not-canonical` for what JSON cannot carry unchanged: undefined, functions, non-finite numbers, unpaired surrogates,
 * class instances. A silent `undefined` would let two different values have one hash.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

/** Deeper than any message of the protocol; a bound, so that hostile nesting gives an error and not a stack overflow. */
const MAX_DEPTH = 64;

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH)
    throw new ProtocolError('agent.not-canonical', `The value is nested deeper than ${MAX_DEPTH} levels.`);
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new ProtocolError('agent.not-canonical', 'A text has an unpaired surrogate.');
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new ProtocolError('agent.not-canonical', `${value} has no JSON form.`);
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : writeObject(value, depth);
    default:
      throw new ProtocolError('agent.not-canonical', `A value of type ${typeof value} has no JSON form.`);
  }
}

function writeObject(value: object, depth: number): string {
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(',')}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new ProtocolError('agent.not-canonical', 'Only plain objects have a canonical form.');
  // Sorting strings without a comparator is by UTF-16 code units, which is what RFC 8785 §3.2.3 asks for.
  const keys = Object.keys(value).toSorted();
  return `{${keys.map((key) => `${write(key, depth + 1)}:${write((value as Record<string, unknown>)[key], depth + 1)}`).join(',')}}`;
}
