import { Hono, type Context } from 'hono';
import type { z } from 'zod';
import { InvalidInputError } from '#kernel/errors';
import { clientAddress } from './client-address.ts';
import { invalidInput } from './error-mapping.ts';
import { problemResponse } from './rest.ts';
import { lookupScopeFor, type LookupScope, type ProofOfIdentity } from './session.ts';

interface Answered<Body> {
  readonly body: Body;
  readonly cookies: readonly string[];
}

/** What the routes of signing in need; the module of identities gives it. */
export interface SignInDoor {
  readonly actions: readonly {
    readonly name: string;
    readonly input: z.ZodType;
    run(input: unknown, proof: ProofOfIdentity, lookup: LookupScope): Promise<Answered<object>>;
  }[];
  session(proof: ProofOfIdentity, lookup: LookupScope): Promise<Answered<object>>;
  step(proof: ProofOfIdentity, lookup: LookupScope): Promise<object>;
}

/** `POST /<action>` for each action of signing in; `GET /step`, what is left to do; `GET /session`, who is signed in. For `/api/auth`. */
export function authRoutes(door: SignInDoor, trustedProxies: readonly string[]): Hono {
  const app = new Hono();
  app.get('/step', (context) =>
    answer(context, async () => {
      const proof = proofOf(context, trustedProxies);
      return { body: await door.step(proof, lookupScopeFor(proof)), cookies: [] };
    }),
  );
  app.get('/session', (context) =>
    answer(context, async () => {
      const proof = proofOf(context, trustedProxies);
      return door.session(proof, lookupScopeFor(proof));
    }),
  );
  for (const action of door.actions) {
    app.post(`/${action.name}`, (context) =>
      answer(context, async () => {
        const proof = proofOf(context, trustedProxies);
        const parsed = await action.input.safeParseAsync(await bodyOf(context));
        if (!parsed.success) throw invalidInput(parsed.error);
        return action.run(parsed.data, proof, lookupScopeFor(proof));
      }),
    );
  }
  return app;
}

async function answer(context: Context, work: () => Promise<Answered<object>>): Promise<Response> {
  context.header('cache-control', 'no-store');
  try {
    const { body, cookies } = await work();
    for (const cookie of cookies) context.header('set-cookie', cookie, { append: true });
    return context.json(body);
  } catch (error) {
    return problemResponse(context, error, context.get('requestId'));
  }
}

async function bodyOf(context: Context): Promise<unknown> {
  const text = await context.req.text();
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new InvalidInputError('input.not-json', 'The body must be one JSON object.');
  }
}

function proofOf(context: Context, trustedProxies: readonly string[]): ProofOfIdentity {
  return {
    headers: context.req.raw.headers,
    ip: clientAddress(context, trustedProxies),
    userAgent: (context.req.header('user-agent') ?? '').slice(0, 400),
    requestId: context.get('requestId'),
  };
}
