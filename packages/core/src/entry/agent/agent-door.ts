import {
  enrolRequestSchema,
  helloRequestSchema,
  LIMITS,
  ProtocolError,
  readSignatureClaim,
  reportRequestSchema,
  verifyEnrolment,
  type Refusal,
} from '@bailiwick/agent-protocol';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { z } from 'zod';
import { asDomainError } from '#entry/http/error-mapping';
import type { Clock } from '#kernel/clock';
import { ForbiddenError, InvalidInputError, UnauthenticatedError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AgentDoorNeeds, SignedAgentRequest } from './agent-needs.ts';
import { makeAgentScope } from './agent-scope.ts';

interface DoorParts {
  readonly needs: AgentDoorNeeds;
  readonly clock: Clock;
  readonly addressOf: (context: Context) => string;
  /** Counts enrolment tries by address; throws when there are too many. */
  readonly limitEnrolment: (address: string) => void;
  readonly reportError: (error: unknown) => void;
}

/** The agents' HTTP door, at `/agent/v1`. Every request but the first is signed; every refusal carries the server's time. */
export function agentDoor(parts: DoorParts): Hono {
  const app = new Hono();
  app.onError((error, context) => refuse(context, error, parts));
  app.use(
    bodyLimit({
      maxSize: LIMITS.requestBytes,
      onError: (context) =>
        refuse(
          context,
          new InvalidInputError('agent.too-large', `The body is larger than ${LIMITS.requestBytes} bytes.`),
          parts,
          413,
        ),
    }),
  );
  app.post('/enroll', (context) => enroll(context, parts));
  app.post('/hello', async (context) => {
    const { scope, agentId, request } = await signedRequest(context, parts);
    return context.json(await parts.needs.hello(scope, agentId, request, parse(helloRequestSchema, request.body)));
  });
  app.post('/reports', async (context) => {
    const { scope, agentId, request } = await signedRequest(context, parts);
    const readEntries = () => parse(reportRequestSchema, request.body).entries;
    return context.json(await parts.needs.reports(scope, agentId, request, readEntries));
  });
  app.get('/orders', async (context) => {
    const { scope, agentId, request } = await signedRequest(context, parts);
    const seconds = Number(/^\d{1,2}$/.exec(context.req.query('wait') ?? '0')?.[0] ?? '0');
    const wait = { seconds, signal: context.req.raw.signal };
    return context.json({ orders: await parts.needs.orders(scope, agentId, request, wait) });
  });
  return app;
}

async function enroll(context: Context, { needs, clock, addressOf, limitEnrolment }: DoorParts): Promise<Response> {
  const address = addressOf(context);
  limitEnrolment(address);
  const request = parse(enrolRequestSchema, new Uint8Array(await context.req.arrayBuffer()));
  await verifyEnrolment(request, clock.now().epochMilliseconds);
  const route = await needs.findRoute('enrolment-token', request.token);
  if (route === null || route.clientId === null)
    throw new UnauthenticatedError('agent.token-refused', 'This enrolment token is not known.');
  const scope = makeAgentScope({ ...route, clientId: route.clientId }, address);
  return context.json(await needs.enrol(scope, route.subjectId, request), 201);
}

async function signedRequest(
  context: Context,
  { needs, addressOf }: DoorParts,
): Promise<{ scope: TenantScope; agentId: string; request: SignedAgentRequest }> {
  const claim = readSignatureClaim((name) => context.req.header(name));
  const route = await needs.findRoute('agent', claim.agentId);
  if (route === null || route.clientId === null)
    throw new UnauthenticatedError('agent.unknown', 'This agent is not known, or was revoked. Enrol again.');
  const url = new URL(context.req.url);
  const body = new Uint8Array(await context.req.arrayBuffer());
  const scope = makeAgentScope({ ...route, clientId: route.clientId }, addressOf(context));
  const request = { claim, method: context.req.method, path: `${url.pathname}${url.search}`, body };
  return { scope, agentId: route.subjectId, request };
}

function parse<Schema extends z.ZodType>(schema: Schema, body: Uint8Array): z.output<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new InvalidInputError('agent.not-json', 'The body must be one JSON object in UTF-8.');
  }
  return schema.parse(json);
}

/** The protocol's own refusals are about who asks (401), all but those about form. */
const MALFORMED = new Set(['agent.bad-signature-headers', 'agent.not-canonical', 'agent.bad-series']);

function refuse(context: Context, error: unknown, parts: DoorParts, forced?: number): Response {
  const known = error instanceof ProtocolError ? undefined : asDomainError(error);
  const code = error instanceof ProtocolError ? error.code : (known?.code ?? 'internal');
  if (code === 'internal') parts.reportError(error);
  const detail =
    error instanceof ProtocolError ? error.message : (known?.message ?? 'Something went wrong on the server.');
  const status = forced ?? statusOf(error, known, code);
  const refusal: Refusal = {
    type: `urn:bailiwick:error:${code}`,
    status,
    code,
    detail,
    serverTime: parts.clock.now().toString(),
  };
  return context.newResponse(JSON.stringify(refusal), status as 400, { 'content-type': 'application/problem+json' });
}

function statusOf(error: unknown, known: ReturnType<typeof asDomainError>, code: string): number {
  if (error instanceof ProtocolError) return MALFORMED.has(code) ? 400 : 401;
  if (known instanceof ForbiddenError) return 403;
  if (known instanceof UnauthenticatedError) return 401;
  if (known?.kind === 'invalid-input') return 422;
  if (known?.kind === 'rate-limited') return 429;
  if (known?.kind === 'not-found') return 404;
  return known === undefined ? 500 : 409;
}
