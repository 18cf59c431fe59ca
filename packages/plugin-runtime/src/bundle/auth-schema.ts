import type { AuthChoice, AuthScheme, LimitRule, VerifySpec } from '@bailiwick/sdk';
import { z } from 'zod';
import { jsonSchema, templateSchema } from './field-schema.ts';

const headerName = z
  .string()
  .max(100)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is no name of a header');
const pointer = z
  .string()
  .max(300)
  .regex(/^(\/[^/]*)+$/, 'is no JSON pointer');
const templates = z
  .record(z.string().min(1).max(100), templateSchema)
  .refine((record) => Object.keys(record).length <= 40, 'has more than 40 entries');
/** Headers that every request carries. */
export const headersSchema = z
  .record(headerName, templateSchema)
  .refine((record) => Object.keys(record).length <= 40, 'has more than 40 entries');

const placement = z.discriminatedUnion('in', [
  z.strictObject({ in: z.literal('header'), name: headerName, value: templateSchema }),
  z.strictObject({ in: z.literal('query'), name: z.string().min(1).max(100), value: templateSchema }),
  z.strictObject({
    in: z.literal('body'),
    pointer,
    value: templateSchema,
    except: z.array(z.string().min(1).max(200)).max(50).exactOptional(),
  }),
]);
const placements = z.array(placement).min(1).max(10);

const login = z.strictObject({
  kind: z.literal('login'),
  request: z.strictObject({
    method: z.enum(['POST', 'GET', 'PUT']),
    url: templateSchema,
    headers: headersSchema.exactOptional(),
    body: jsonSchema.exactOptional(),
  }),
  token: pointer,
  expiresInSeconds: z.int().min(1).max(31_536_000).exactOptional(),
  apply: placements,
  perScope: z.literal(true).exactOptional(),
});

const client = {
  clientId: templateSchema,
  parameters: templates.exactOptional(),
  sendClientIn: z.enum(['basic', 'body']).exactOptional(),
};

const aws = z.strictObject({
  kind: z.literal('aws-sigv4'),
  accessKeyId: templateSchema,
  secretAccessKey: templateSchema,
  assumeRole: z
    .strictObject({
      roleArn: templateSchema,
      externalId: templateSchema.exactOptional(),
      stsUrl: templateSchema,
      region: templateSchema,
    })
    .exactOptional(),
});

const scheme = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('key'), placements }),
  z.strictObject({ kind: z.literal('basic'), username: templateSchema, password: templateSchema }),
  login,
  z.strictObject({
    kind: z.literal('oauth2-client'),
    tokenUrl: templateSchema,
    ...client,
    clientSecret: templateSchema,
    scope: templateSchema.exactOptional(),
    perScope: z.union([z.literal(true), z.strictObject({ tokenUrl: templateSchema })]).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('oauth2-code'),
    authorizeUrl: templateSchema,
    tokenUrl: templateSchema,
    ...client,
    clientSecret: templateSchema.exactOptional(),
    scope: templateSchema,
    perScope: z.strictObject({ tokenUrl: templateSchema }).exactOptional(),
  }),
  aws,
]) satisfies z.ZodType<AuthScheme>;

/** How the host signs in, or the ways to choose from. */
export const authSchema: z.ZodType<AuthScheme | AuthChoice> = z.discriminatedUnion('kind', [
  scheme,
  z.strictObject({
    kind: z.literal('choice'),
    field: z.string().min(1).max(50),
    schemes: z.record(z.string().min(1).max(100), scheme),
  }),
]);

/** A limit that the vendor states. */
export const limitSchema: z.ZodType<LimitRule> = z.strictObject({
  per: z.enum(['connection', 'scope', 'host']),
  requests: z.int().min(1).max(1_000_000),
  seconds: z.number().positive().max(86_400),
  concurrency: z.int().min(1).max(100).exactOptional(),
  class: z.enum(['read', 'write']).exactOptional(),
});

/** How a delivery is told to be the vendor's. */
export const verifySchema: z.ZodType<VerifySpec> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('standard-webhooks'), secret: templateSchema }),
  z.strictObject({
    kind: z.literal('hmac'),
    header: headerName,
    algorithm: z.enum(['sha1', 'sha256', 'sha512']),
    encoding: z.enum(['hex', 'base64']),
    prefix: z.string().max(100).exactOptional(),
    secret: templateSchema,
    signed: z
      .string()
      .min(1)
      .max(500)
      .refine((text) => text.includes('{body}'), 'does not sign the body'),
    timestamp: z.strictObject({ header: headerName, toleranceSeconds: z.int().min(1).max(3600) }).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('header'), name: headerName, value: templateSchema }),
  z.strictObject({ kind: z.literal('body'), pointer, value: templateSchema }),
  z.strictObject({ kind: z.literal('basic'), username: templateSchema, password: templateSchema }),
  z.strictObject({ kind: z.literal('address'), trusted: z.string().min(10).max(500).exactOptional() }),
]);
