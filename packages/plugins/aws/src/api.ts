import {
  ConfigInvalid,
  NotSupported,
  PermissionMissing,
  VendorBug,
  type ConfigOf,
  type Context,
  type HttpOptions,
  type HttpResponse,
} from '@bailiwick/sdk';
import type { config } from './config.ts';
import { find, list, parseXml, textOf, type Xml } from './xml.ts';

/** What every call of this plugin is given. */
export type AwsContext = Context<ConfigOf<typeof config>>;

/** The region of what has no region of its own: Organizations, and the list of regions and buckets. */
export const homeRegion = 'us-east-1';

// The versions of the query APIs that the requests below are written for.
const versions = { ec2: '2016-11-15', rds: '2014-10-31', sts: '2011-06-15' } as const;

/** The names that services sign with; CloudWatch's is `monitoring`. */
type Service = keyof typeof versions | 's3' | 'monitoring' | 'organizations';

/** Where a service answers: at Amazon under its own name, at an address of the operator's own all under one. */
export function addressOf(ctx: AwsContext, service: Service, region: string): string {
  const { address } = ctx.config;
  return new URL(address).host.endsWith('.amazonaws.com') ? `https://${service}.${region}.amazonaws.com` : address;
}

/** A call of the query protocol, answered in XML. */
export async function query(
  ctx: AwsContext,
  service: keyof typeof versions,
  region: string,
  parameters: Readonly<Record<string, string>>,
  writes = false,
): Promise<Xml> {
  const answer = await ctx.http.request(addressOf(ctx, service, region), {
    method: 'POST',
    form: { ...parameters, Version: versions[service] },
    aws: { service, region },
    accept: [400, 403],
    ...(writes ? {} : { reads: true }),
  });
  if (answer.status >= 400) throw refusal(`${service}:${parameters['Action'] ?? ''}`, answer);
  return parseXml(answer.text());
}

/** What is wrong, in words: EC2 says it inside of `Errors`, S3 without anything around it, and a gateway on the way says nothing. */
function errorIn(answer: HttpResponse): { readonly code: string; readonly message: string } {
  const isXml = /^\s*<(?:\?xml|ErrorResponse|Response|Error)\b/u.test(answer.text());
  const xml = isXml ? parseXml(answer.text()) : undefined;
  const error = xml?.name === 'Error' ? xml : (find(xml, 'Errors', 'Error') ?? find(xml, 'Error'));
  const code = textOf(error, 'Code') ?? `status ${answer.status}`;
  return { code, message: textOf(error, 'Message') ?? code };
}

function refusal(action: string, answer: HttpResponse): Error {
  const { code, message } = errorIn(answer);
  if (answer.status === 403) return new PermissionMissing(message, action);
  if (code === 'NoSuchBucket') return new ConfigInvalid('costBucket', 'AWS has no bucket of this name.');
  if (answer.status === 301) return new ConfigInvalid('costRegion', 'The bucket is in another region.');
  const isGone = /\.NotFound$|^IncorrectInstanceState$/u.test(code);
  return isGone ? new NotSupported(message) : new VendorBug(`${action}: ${code}: ${message}`);
}

/** A call of the JSON protocol. */
export async function callJson(
  ctx: AwsContext,
  service: 'monitoring' | 'organizations',
  region: string,
  target: string,
  input: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const version = service === 'monitoring' ? '1.0' : '1.1';
  const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target };
  const options: HttpOptions = { method: 'POST', body: JSON.stringify(input), headers, reads: true };
  const answer = await ctx.http.request(addressOf(ctx, service, region), {
    ...options,
    aws: { service, region },
    accept: [400],
  });
  const body = answer.json<Record<string, unknown> | null>() ?? {};
  if (answer.status !== 400) return body;
  // In this protocol a refusal is a status 400 whose body names it.
  const [name, message] = [String(body['__type']), String(body['message'] ?? body['Message'] ?? '')];
  const action = `${service === 'monitoring' ? 'cloudwatch' : service}:${target.replace(/^.*\./u, '')}`;
  if (name.includes('AccessDenied')) throw new PermissionMissing(message || name, action);
  throw new VendorBug(`${action}: ${name}: ${message}`);
}

/** A GET of S3, path-style: of an object, or without a path of the list of buckets. Undefined where there is no such object. */
export async function getObject(ctx: AwsContext, region: string, path: string, options: HttpOptions = {}) {
  const url = `${addressOf(ctx, 's3', region)}/${path.split('/').map(encodeURIComponent).join('/')}`;
  const aws = { service: 's3', region };
  const answer = await ctx.http.request(url, { ...options, aws, accept: [301, 403, 404] });
  if (answer.status < 300) return answer;
  if (errorIn(answer).code === 'NoSuchKey') return undefined;
  throw refusal(path === '' ? 's3:ListAllMyBuckets' : 's3:GetObject', answer);
}

/** The regions to read: those of the configuration, or all that the account has switched on. */
export async function regionsOf(ctx: AwsContext): Promise<readonly string[]> {
  const chosen = ctx.config.regions ?? [];
  if (chosen.length > 0) return chosen;
  const answer = await query(ctx, 'ec2', homeRegion, { Action: 'DescribeRegions' });
  return list(answer, 'regionInfo', 'item').flatMap((item) => textOf(item, 'regionName') ?? []);
}

/** A text as a record takes it: one line, not longer than `max`; undefined where nothing is left. */
export function line(text: unknown, max = 300): string | undefined {
  if (typeof text !== 'string') return undefined;
  return text.replaceAll(/\s+/gu, ' ').trim().slice(0, max).toWellFormed() || undefined;
}
