import {
  EgressFailed,
  type EgressFailure,
  type TransportRequest,
  type TransportResponse,
} from '@bailiwick/plugin-runtime';
import type { Json } from '@bailiwick/sdk';
import { toResponse } from '../fixtures/answer.ts';
import type { Answer } from '../fixtures/fixture-schemas.ts';
import { isSignIn, type Fault } from '../fixtures/fixture-transport.ts';

/** Every request that the plugin makes itself is answered so; sign-ins go through. */
export function answerRequests(answer: Answer): Fault {
  return async (request, next) => (isSignIn(request) ? next() : toResponse(answer, request.url));
}

/** Every request is answered so, sign-ins too. */
export function answerAll(answer: Answer): Fault {
  return async (request) => toResponse(answer, request.url);
}

/** No request gets through. */
export function failAll(failure: EgressFailure): Fault {
  return async (request) => {
    const host = new URL(request.url).hostname;
    throw new EgressFailed(failure, host, `${host}: ${failure} (put in by the acceptance kit)`, {
      isUnsent: failure === 'dns' || failure === 'tls',
    });
  };
}

/** The fault for the plugin's own requests from the given one on, counted from 1, sign-ins not counted. */
export function fromRequest(first: number, fault: Fault): Fault {
  let count = 0;
  return async (request, next, signal) => {
    if (isSignIn(request)) return next();
    count += 1;
    return count >= first ? fault(request, next, signal) : next();
  };
}

/** The fault for the first attempts of each request; attempts after them go through. */
export function firstAttempts(attempts: number, fault: Fault): Fault {
  const seen = new Map<string, number>();
  return async (request, next, signal) => {
    if (isSignIn(request)) return next();
    const key = keyOf(request);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count <= attempts ? fault(request, next, signal) : next();
  };
}

/** Changes what the vendor answered to the plugin's own requests with 2xx. */
export function changeBody(change: (body: Uint8Array) => Uint8Array): Fault {
  return async (request, next) => {
    const response = await next();
    const isGood = response.status >= 200 && response.status < 300;
    return isSignIn(request) || !isGood ? response : { ...response, body: change(response.body) };
  };
}

/** Changes the JSON of the vendor's answers; other answers stay as they are. */
export function changeJson(change: (json: Json) => Json): Fault {
  return changeBody((body) => {
    const json = readJson(body);
    return json === undefined ? body : Buffer.from(JSON.stringify(change(json)));
  });
}

function readJson(body: Uint8Array): Json | undefined {
  try {
    return JSON.parse(Buffer.from(body).toString()) as Json;
  } catch {
    return undefined;
  }
}

/** Every list goes on for ever with the page that it started with: what differs in query or body is not looked at. */
export function repeatFirstPage(): Fault {
  const first = new Map<string, TransportResponse>();
  return async (request, next) => {
    if (isSignIn(request)) return next();
    const key = `${request.method} ${new URL(request.url).pathname} ${rpcMethod(request)}`;
    const known = first.get(key);
    if (known !== undefined) return known;
    const response = await next();
    first.set(key, response);
    return response;
  };
}

/** What a POST asks for, where that stands in its body: JSON-RPC's method, a form's Action. */
function rpcMethod({ body, headers }: TransportRequest): string {
  if (body === null) return '';
  const text = Buffer.from(body).toString();
  const json = readJson(body);
  const named = typeof json === 'object' && json !== null && 'method' in json ? JSON.stringify(json.method) : '';
  return named + (new URLSearchParams(text).get('Action') ?? '') + (headers['x-amz-target'] ?? '');
}

/** Where a value stands: the key that it, or the list around it, has; and whether it is a member of a list. */
export interface JsonPlace {
  readonly key: string | undefined;
  readonly isMember: boolean;
}

/** Applies a function to each value inside, from the leaves up. */
export function mapJson(
  json: Json,
  change: (value: Json, place: JsonPlace) => Json,
  place: JsonPlace = { key: undefined, isMember: false },
): Json {
  if (Array.isArray(json)) {
    const inner = { key: place.key, isMember: true };
    return change(
      json.map((member: Json) => mapJson(member, change, inner)),
      place,
    );
  }
  if (typeof json !== 'object' || json === null) return change(json, place);
  const entries = Object.entries(json).map(
    ([key, value]) => [key, mapJson(value as Json, change, { key, isMember: false })] as const,
  );
  return change(Object.fromEntries(entries), place);
}

function keyOf({ method, url, body }: TransportRequest): string {
  return `${method} ${url} ${body === null ? '' : Buffer.from(body).toString('latin1')}`;
}

/** Whether the JSON is an object, so neither a list nor nothing. */
export function isObject(json: Json): json is { readonly [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
