import type { Json } from '@bailiwick/sdk';
import type { ViewParams } from './draw-view.ts';

/** As the server takes. */
const MAX_PARAMS_BYTES = 65_536;
const MAX_TEXT = 500;
/** Messages that a frame may send at once, and how fast it earns more. */
const BURST = 20;
const EARNED_MS = 1000;

/** What a frame asked for. `request` is its own mark, and stands in the answer. */
export type FrameMessage =
  | { readonly call: 'render'; readonly params: ViewParams; readonly request: string | number | null }
  | { readonly call: 'open'; readonly entity: string; readonly id: string; readonly request: string | number | null };

/** What came out of a frame, if it is a message of the contract and nothing besides; a frame's page is a stranger's. */
export function readMessage(data: unknown): FrameMessage | null {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null;
  const fields = new Map<string, unknown>(Object.entries(data));
  const take = (name: string): unknown => {
    const value = fields.get(name);
    fields.delete(name);
    return value;
  };
  const [call, request = null] = [take('call'), take('request')];
  if (request !== null && typeof request !== 'number' && !isText(request)) return null;
  if (call === 'render') {
    const params = take('params') ?? {};
    return fields.size === 0 && isParams(params) ? { call, params, request } : null;
  }
  if (call !== 'open') return null;
  const [entity, id] = [take('entity'), take('id')];
  return fields.size === 0 && isText(entity) && isText(id) ? { call, entity, id, request } : null;
}

/** Counts what a frame sends: a burst, then one a second. `nowMs` only moves on. */
export function makeFrameLimiter(): (nowMs: number) => boolean {
  let [tokens, lastMs] = [BURST, 0];
  return (nowMs) => {
    tokens = Math.min(BURST, tokens + (nowMs - lastMs) / EARNED_MS);
    lastMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT;
}

/** Plain JSON of a size that the server takes: what a message may carry besides (buffers, maps, cycles) does not survive the way there and back. */
function isParams(value: unknown): value is ViewParams {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  try {
    const text = JSON.stringify(value);
    return new TextEncoder().encode(text).length <= MAX_PARAMS_BYTES && isJson(value);
  } catch {
    return false;
  }
}

function isJson(value: unknown): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  return (
    typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isJson)
  );
}
