import { randomUUID } from 'node:crypto';
import type { AccessKeys } from './access-keys.ts';
import { authorize, type Call } from './call.ts';
import { CloudWatch } from './cloudwatch.ts';
import { Ec2 } from './ec2.ts';
import { AwsError, faultOf, type Protocol } from './errors.ts';
import { errorAnswer } from './error-answer.ts';
import { readHost } from './host.ts';
import { Organizations } from './organizations.ts';
import { Pages } from './paging.ts';
import { Parameters } from './parameters.ts';
import { Rds } from './rds.ts';
import { S3, type S3Request } from './s3.ts';
import { type CredentialScope, readScope, SignatureVerifier, type SignedRequest } from './signature.ts';
import { SecurityTokenService } from './sts.ts';
import { type Account, optInRegion, regions } from './world.ts';

/** One request in the log. */
export interface AwsRequest {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  /** Whose resources: the account of the credentials; empty where they were refused. */
  readonly accountId: string;
  readonly status: number;
}

interface Asked {
  service: string;
  operation: string;
  region: string;
  accountId: string;
}

type QueryOperation = (call: Call, parameters: Parameters, requestId: string) => string;
type JsonOperation = (call: Call, input: Readonly<Record<string, unknown>>) => unknown;

/** The version that each query service speaks. */
const versions: Readonly<Record<string, string>> = {
  ec2: '2016-11-15',
  sts: '2011-06-15',
  rds: '2014-10-31',
  monitoring: '2010-08-01',
};
const jsonTargets: Readonly<Record<string, string>> = {
  organizations: 'AWSOrganizationsV20161128',
  monitoring: 'GraniteServiceVersion20100801',
};

function protocolOf(service: string, headers: Headers): Protocol {
  if (service === 'ec2' || service === 's3') return service;
  if (service === 'organizations') return 'json';
  return headers.has('x-amz-target') ? 'json' : 'query';
}

/** The services behind one address: reads whom a request is for, checks its signature, lets the service answer. */
export class AwsFront {
  readonly requests: AwsRequest[] = [];
  readonly userDenied = new Set<string>();
  readonly throttled = new Map<string, number>();
  readonly failing = new Map<string, number>();
  readonly #accounts: readonly Account[];
  readonly #now: () => Temporal.Instant;
  readonly #verifier: SignatureVerifier;
  readonly #pages: Pages;
  readonly #s3: S3;
  readonly #query: Readonly<Record<string, QueryOperation>>;
  readonly #json: Readonly<Record<string, JsonOperation>>;

  constructor(world: {
    accounts: readonly Account[];
    keys: AccessKeys;
    now: () => Temporal.Instant;
    settleMs: number;
    pageSize: number;
  }) {
    this.#accounts = world.accounts;
    this.#now = world.now;
    this.#verifier = new SignatureVerifier(world.keys, world.now);
    this.#pages = new Pages(world.pageSize);
    this.#s3 = new S3(world.accounts, this.userDenied);
    const sts = new SecurityTokenService(world.accounts, world.keys);
    const ec2 = new Ec2(world.settleMs);
    const rds = new Rds();
    const cloudWatch = new CloudWatch();
    const organizations = new Organizations(world.accounts);
    this.#query = {
      'sts:GetCallerIdentity': (call, _parameters, id) => sts.getCallerIdentity(call, id),
      'sts:AssumeRole': (...all) => sts.assumeRole(...all),
      'ec2:DescribeRegions': (...all) => ec2.describeRegions(...all),
      'ec2:DescribeInstances': (...all) => ec2.describeInstances(...all),
      'ec2:StartInstances': (...all) => ec2.startInstances(...all),
      'ec2:StopInstances': (...all) => ec2.stopInstances(...all),
      'ec2:CreateTags': (...all) => ec2.createTags(...all),
      'ec2:DeleteTags': (...all) => ec2.deleteTags(...all),
      'rds:DescribeDBInstances': (...all) => rds.describeDbInstances(...all),
      'monitoring:DescribeAlarms': (...all) => cloudWatch.describeAlarmsXml(...all),
    };
    this.#json = {
      'organizations:ListAccounts': (call, input) => organizations.listAccounts(call, input),
      'organizations:DescribeOrganization': () => organizations.describeOrganization(),
      'monitoring:DescribeAlarms': (call, input) => cloudWatch.describeAlarmsJson(call, input),
    };
  }

  async answer(request: Request, rawUrl: string): Promise<Response> {
    const [path = '/', query = ''] = rawUrl.split(/\?(.*)/su);
    const body = new Uint8Array(await request.arrayBuffer());
    const signed: SignedRequest = { method: request.method, path, query, headers: request.headers, body };
    const host = readHost(request.headers.get('host') ?? '');
    const scope = readScope(request.headers);
    const service = scope?.service ?? host?.service ?? (request.headers.has('x-amz-target') ? 'organizations' : 's3');
    const protocol = protocolOf(service, request.headers);
    const asked: Asked = { service, operation: '', region: scope?.region ?? '', accountId: '' };
    const requestId = randomUUID();
    let response: Response;
    try {
      const call = this.#open(signed, scope, protocol, asked);
      response = this.#serve(call, signed, asked, requestId);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      response = errorAnswer(protocol, error, requestId, request.method === 'HEAD');
    }
    response.headers.set(protocol === 's3' ? 'x-amz-request-id' : 'x-amzn-requestid', requestId);
    this.requests.push({ ...asked, status: response.status });
    return response;
  }

  #open(request: SignedRequest, scope: CredentialScope | null | undefined, protocol: Protocol, asked: Asked): Call {
    if (scope === undefined) throw faultOf(protocol, 'missing', 'Request is missing Authentication Token');
    if (scope === null)
      throw faultOf(protocol, 'incomplete', 'The Authorization header does not conform to AWS standards.');
    this.#checkScope(request, scope, protocol);
    const { principal } = this.#verifier.verify(request, scope, protocol);
    asked.accountId = principal.accountId;
    this.#countDown(this.throttled, asked.service, () => this.#tooMany(asked.service, protocol));
    this.#countDown(this.failing, asked.service, () =>
      faultOf(protocol, 'broken', 'We encountered an internal error. Please try again.'),
    );
    const account = this.#accounts.find((one) => one.id === principal.accountId)!;
    return { principal, account, region: scope.region, protocol, pages: this.#pages, now: this.#now() };
  }

  /** The scope must name a service and a region that are there, and those of the host where the host is Amazon's own. */
  #checkScope(request: SignedRequest, scope: CredentialScope, protocol: Protocol): void {
    const host = readHost(request.headers.get('host') ?? '');
    const isService = scope.service in versions || scope.service in jsonTargets || scope.service === 's3';
    if (!isService || (host !== undefined && host.service !== scope.service)) {
      throw faultOf(
        protocol,
        'mismatch',
        `Credential should be scoped to correct service: '${host?.service ?? scope.service}'.`,
      );
    }
    if (scope.region === optInRegion)
      throw faultOf(protocol, 'unknownKey', 'AWS was not able to validate the provided access credentials');
    const here: readonly string[] = scope.service === 'organizations' ? ['us-east-1'] : regions;
    if (!here.includes(scope.region) || (host !== undefined && host.region !== scope.region)) {
      throw faultOf(protocol, 'mismatch', `Credential should be scoped to a valid region, not '${scope.region}'.`);
    }
  }

  #serve(call: Call, request: SignedRequest, asked: Asked, requestId: string): Response {
    if (call.protocol === 's3') return this.#serveS3(call, request, asked);
    if (call.protocol === 'json') return this.#serveJson(call, request, asked);
    const isForm = request.method === 'POST';
    const parameters = new Parameters(
      new URLSearchParams(isForm ? new TextDecoder().decode(request.body) : request.query),
    );
    asked.operation = parameters.get('Action') ?? '';
    const operation = this.#query[`${asked.service}:${asked.operation}`];
    const version = parameters.get('Version') ?? '';
    if (operation === undefined || version !== versions[asked.service]) {
      throw new AwsError('InvalidAction', `Could not find operation ${asked.operation} for version ${version}`);
    }
    this.#authorize(call, asked);
    const type = call.protocol === 'ec2' ? 'text/xml;charset=UTF-8' : 'text/xml';
    return new Response(operation(call, parameters, requestId), { headers: { 'content-type': type } });
  }

  #serveJson(call: Call, request: SignedRequest, asked: Asked): Response {
    const [target, operationName = ''] = (request.headers.get('x-amz-target') ?? '').split('.');
    asked.operation = operationName;
    const operation = this.#json[`${asked.service}:${operationName}`];
    const type = request.headers.get('content-type') ?? '';
    const isJson =
      asked.service === 'organizations' ? type === 'application/x-amz-json-1.1' : type === 'application/x-amz-json-1.0';
    if (target !== jsonTargets[asked.service] || operation === undefined || !isJson) {
      throw new AwsError('UnknownOperationException', `The requested operation is not recognized by the service.`);
    }
    let input: unknown;
    try {
      input = JSON.parse(new TextDecoder().decode(request.body));
    } catch {
      throw new AwsError('SerializationException', 'The request could not be deserialized.');
    }
    if (typeof input !== 'object' || input === null)
      throw new AwsError('SerializationException', 'Expected an object.');
    this.#authorize(call, asked);
    return Response.json(operation(call, input as Record<string, unknown>), { headers: { 'content-type': type } });
  }

  #serveS3(call: Call, request: SignedRequest, asked: Asked): Response {
    const host = readHost(request.headers.get('host') ?? '');
    const path = `${host?.bucket === undefined ? '' : `/${host.bucket}`}${request.path}`;
    const [, bucket = '', ...key] = path.split('/').map((segment) => decodeURIComponent(segment));
    const s3Request: S3Request = {
      method: request.method,
      bucket,
      key: key.join('/'),
      query: new URLSearchParams(request.query),
      headers: request.headers,
    };
    const operation = S3.operation(s3Request);
    asked.operation = operation ?? `${request.method} ${request.path}`;
    if (operation === undefined) {
      throw new AwsError(
        'NotImplemented',
        'A header or query you provided implies functionality that is not implemented.',
        501,
      );
    }
    return this.#s3.answer(call, operation, s3Request);
  }

  #authorize(call: Call, asked: Asked): void {
    // GetCallerIdentity needs no permission; whether a role may be assumed is the role's to say, too.
    if (asked.operation === 'GetCallerIdentity') return;
    authorize(
      call,
      `${asked.service === 'monitoring' ? 'cloudwatch' : asked.service}:${asked.operation}`,
      this.userDenied,
    );
  }

  #tooMany(service: string, protocol: Protocol): AwsError {
    if (service === 'organizations') {
      return new AwsError('TooManyRequestsException', 'You have sent too many requests in too short a period of time.');
    }
    return faultOf(
      protocol,
      'throttled',
      service === 'ec2'
        ? 'Request limit exceeded.'
        : service === 's3'
          ? 'Please reduce your request rate.'
          : 'Rate exceeded',
    );
  }

  #countDown(counts: Map<string, number>, service: string, error: () => AwsError): void {
    const left = counts.get(service) ?? 0;
    if (left === 0) return;
    counts.set(service, left - 1);
    throw error();
  }
}
