import { createHash } from 'node:crypto';
import { authorize, type Call, listName } from './call.ts';
import { AwsError, faultOf } from './errors.ts';
import type { Account, Bucket, StoredObject } from './world.ts';
import { document, element, text } from './xml.ts';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A request to S3: the bucket and the key are decoded. */
export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
}

function etagOf(object: StoredObject): string {
  return `"${createHash('md5').update(object.body).digest('hex')}"`;
}

function byteOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function xmlAnswer(body: string, headers: Record<string, string> = {}): Response {
  return new Response(body, { headers: { 'content-type': 'application/xml', ...headers } });
}

/** Amazon S3, API version 2006-03-01, path-style or by the bucket's own host: reading buckets and objects. */
export class S3 {
  readonly #accounts: readonly Account[];
  readonly #userDenied: ReadonlySet<string>;

  constructor(accounts: readonly Account[], userDenied: ReadonlySet<string>) {
    this.#accounts = accounts;
    this.#userDenied = userDenied;
  }

  /** What a request asks for, named as the API reference does; undefined for what is not played. */
  static operation(request: S3Request): string | undefined {
    const isHead = request.method === 'HEAD';
    if (!isHead && request.method !== 'GET') return undefined;
    if (request.bucket === '') return isHead ? undefined : 'ListBuckets';
    if (request.key !== '') return isHead ? 'HeadObject' : 'GetObject';
    if (isHead) return 'HeadBucket';
    if (request.query.has('location')) return 'GetBucketLocation';
    return request.query.get('list-type') === '2' ? 'ListObjectsV2' : undefined;
  }

  answer(call: Call, operation: string, request: S3Request): Response {
    if (operation === 'ListBuckets') return this.#listBuckets(call, request.query);
    const action = { GetBucketLocation: 's3:GetBucketLocation', GetObject: 's3:GetObject', HeadObject: 's3:GetObject' }[
      operation
    ];
    const bucket = this.#bucket(call, request.bucket, action ?? 's3:ListBucket');
    if (operation === 'GetBucketLocation') {
      const location = bucket.region === 'us-east-1' ? '' : bucket.region;
      return xmlAnswer(
        `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="${namespace}">${location}</LocationConstraint>`,
      );
    }
    if (bucket.region !== call.region) {
      const message =
        'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.';
      const endpoint = `s3.${bucket.region}.amazonaws.com`;
      throw new AwsError('PermanentRedirect', message, 301, {
        Endpoint: endpoint,
        Bucket: bucket.name,
        Region: bucket.region,
      });
    }
    if (operation === 'HeadBucket') return new Response(null, { headers: { 'x-amz-bucket-region': bucket.region } });
    if (operation === 'ListObjectsV2') return this.#listObjects(call, bucket, request.query);
    return this.#getObject(bucket, request);
  }

  #listBuckets(call: Call, query: URLSearchParams): Response {
    authorize(call, 's3:ListAllMyBuckets', this.#userDenied);
    const prefix = query.get('prefix') ?? undefined;
    const region = query.get('bucket-region') ?? undefined;
    const found = call.account.buckets
      .filter((bucket) => bucket.name.startsWith(prefix ?? '') && (region === undefined || bucket.region === region))
      .toSorted((a, b) => byteOrder(a.name, b.name));
    const size = this.#size(query, 'max-buckets', 10_000);
    const token = query.get('continuation-token') ?? undefined;
    const page = call.pages.page(found, listName(call, 'ListBuckets', prefix ?? '', region ?? ''), token, size);
    if (page === undefined) throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
    const buckets = page.items.map((bucket) =>
      element(
        'Bucket',
        text('Name', bucket.name),
        text('CreationDate', bucket.createdAt),
        text('BucketRegion', bucket.region),
      ),
    );
    const owner = element('Owner', text('ID', createHash('sha256').update(call.account.id).digest('hex')));
    return xmlAnswer(
      document(
        'ListAllMyBucketsResult',
        namespace,
        owner,
        element('Buckets', ...buckets),
        text('ContinuationToken', page.next),
        text('Prefix', prefix),
      ),
    );
  }

  #listObjects(call: Call, bucket: Bucket, query: URLSearchParams): Response {
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const startAfter = query.get('start-after') ?? '';
    const isUrl = query.get('encoding-type') === 'url';
    const shown = (value: string) =>
      isUrl ? encodeURIComponent(value).replaceAll('%2F', '/').replaceAll('%20', '+') : value;
    const keys = [...bucket.objects.keys()]
      .filter((key) => key.startsWith(prefix) && key > startAfter)
      .toSorted(byteOrder);
    const groupOf = (key: string): string | undefined => {
      const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      return at < 0 ? undefined : key.slice(0, at + delimiter.length);
    };
    const entries = [...new Set(keys.map((key) => groupOf(key) ?? key))];
    const token = query.get('continuation-token') ?? undefined;
    const question = listName(call, 'ListObjectsV2', bucket.name, prefix, delimiter, startAfter);
    const size = this.#size(query, 'max-keys', 1000);
    const page = call.pages.page(entries, question, token, size);
    if (page === undefined) throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
    const contents = page.items.map((key) => {
      const object = bucket.objects.get(key);
      if (object === undefined) return element('CommonPrefixes', text('Prefix', shown(key)));
      return element(
        'Contents',
        text('Key', shown(key)),
        text('LastModified', object.modifiedAt.toString({ smallestUnit: 'millisecond' })),
        text('ETag', etagOf(object)),
        text('Size', object.body.byteLength),
        text('StorageClass', 'STANDARD'),
      );
    });
    return xmlAnswer(
      document(
        'ListBucketResult',
        namespace,
        text('Name', bucket.name),
        text('Prefix', shown(prefix)),
        text('Delimiter', delimiter === '' ? undefined : shown(delimiter)),
        text('MaxKeys', size),
        text('KeyCount', page.items.length),
        text('EncodingType', isUrl ? 'url' : undefined),
        text('StartAfter', startAfter === '' ? undefined : shown(startAfter)),
        text('ContinuationToken', token),
        text('NextContinuationToken', page.next),
        text('IsTruncated', page.next !== undefined),
        ...contents,
      ),
    );
  }

  #getObject(bucket: Bucket, request: S3Request): Response {
    const object = bucket.objects.get(request.key);
    if (object === undefined)
      throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: request.key });
    const etag = etagOf(object);
    const headers: Record<string, string> = {
      etag,
      'accept-ranges': 'bytes',
      'content-type': object.contentType,
      'last-modified': httpDate(object.modifiedAt),
    };
    const ifMatch = request.headers.get('if-match');
    if (ifMatch !== null && ifMatch !== etag) {
      throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
    }
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
    const range = /^bytes=(\d+)-(\d*)$/u.exec(request.headers.get('range') ?? '');
    const total = object.body.byteLength;
    const start = Number(range?.[1] ?? 0);
    const end = Math.min(range?.[2] ? Number(range[2]) + 1 : total, total);
    if (range !== null && (start >= total || end <= start)) {
      throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
    }
    if (range !== null) headers['content-range'] = `bytes ${start}-${end - 1}/${total}`;
    const body = request.method === 'HEAD' ? null : object.body.slice(start, end);
    headers['content-length'] = String(end - start);
    return new Response(body, { status: range === null ? 200 : 206, headers });
  }

  #bucket(call: Call, name: string, action: string): Bucket {
    const owner = this.#accounts.find((account) => account.buckets.some((bucket) => bucket.name === name));
    const bucket = owner?.buckets.find((one) => one.name === name);
    if (bucket === undefined)
      throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
    authorize(call, action, this.#userDenied);
    if (owner !== call.account) throw faultOf('s3', 'denied', 'Access Denied');
    return bucket;
  }

  #size(query: URLSearchParams, name: string, max: number): number {
    const value = query.get(name);
    if (value === null) return max;
    if (!/^\d{1,9}$/u.test(value))
      throw new AwsError('InvalidArgument', `Provided ${name} not an integer or within integer range`);
    return Math.min(Number(value), max);
  }
}

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The date of HTTP (RFC 9110 §5.6.7). */
function httpDate(at: Temporal.Instant): string {
  const utc = at.toZonedDateTimeISO('UTC');
  const two = (value: number) => String(value).padStart(2, '0');
  const time = [utc.hour, utc.minute, utc.second].map(two).join(':');
  return `${days[utc.dayOfWeek - 1]}, ${two(utc.day)} ${months[utc.month - 1]} ${utc.year} ${time} GMT`;
}
