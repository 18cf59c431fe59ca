/** The ways in which AWS services speak: `query` is STS, RDS and CloudWatch, `ec2` its own dialect of it, `json` Organizations and CloudWatch, `s3` REST-XML. */
export type Protocol = 'query' | 'ec2' | 'json' | 's3';

/** A refusal, in the words of the service that refuses. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: Readonly<Record<string, string>>;

  constructor(code: string, message: string, status = 400, details: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

/** Why a request's signature does not stand; each protocol has a code of its own for it. */
export type SignatureFault =
  | 'missing'
  | 'incomplete'
  | 'unknownKey'
  | 'wrongToken'
  | 'mismatch'
  | 'skewed'
  | 'expiredToken'
  | 'denied'
  | 'throttled'
  | 'broken';

// Sources: "Common Errors" of the STS, RDS, CloudWatch and Organizations API references, "Error codes for the Amazon EC2 API", "Amazon S3 error responses".
const codes: Readonly<Record<Protocol, Readonly<Record<SignatureFault, readonly [code: string, status: number]>>>> = {
  query: {
    missing: ['MissingAuthenticationToken', 403],
    incomplete: ['IncompleteSignature', 400],
    unknownKey: ['InvalidClientTokenId', 403],
    wrongToken: ['InvalidClientTokenId', 403],
    mismatch: ['SignatureDoesNotMatch', 403],
    skewed: ['SignatureDoesNotMatch', 403],
    expiredToken: ['ExpiredToken', 403],
    denied: ['AccessDenied', 403],
    throttled: ['Throttling', 400],
    broken: ['InternalFailure', 500],
  },
  ec2: {
    missing: ['MissingAuthenticationToken', 403],
    incomplete: ['IncompleteSignature', 400],
    unknownKey: ['AuthFailure', 401],
    wrongToken: ['AuthFailure', 401],
    mismatch: ['SignatureDoesNotMatch', 403],
    skewed: ['RequestExpired', 400],
    expiredToken: ['RequestExpired', 400],
    denied: ['UnauthorizedOperation', 403],
    throttled: ['RequestLimitExceeded', 503],
    broken: ['InternalError', 500],
  },
  json: {
    missing: ['MissingAuthenticationTokenException', 400],
    incomplete: ['IncompleteSignatureException', 400],
    unknownKey: ['UnrecognizedClientException', 400],
    wrongToken: ['UnrecognizedClientException', 400],
    mismatch: ['InvalidSignatureException', 400],
    skewed: ['InvalidSignatureException', 400],
    expiredToken: ['ExpiredTokenException', 400],
    denied: ['AccessDeniedException', 400],
    throttled: ['ThrottlingException', 400],
    broken: ['InternalFailure', 500],
  },
  s3: {
    missing: ['AccessDenied', 403],
    incomplete: ['AuthorizationHeaderMalformed', 400],
    unknownKey: ['InvalidAccessKeyId', 403],
    wrongToken: ['InvalidToken', 400],
    mismatch: ['SignatureDoesNotMatch', 403],
    skewed: ['RequestTimeTooSkewed', 403],
    expiredToken: ['ExpiredToken', 400],
    denied: ['AccessDenied', 403],
    throttled: ['SlowDown', 503],
    broken: ['InternalError', 500],
  },
};

/** The refusal that a service of this protocol gives for a fault. */
export function faultOf(protocol: Protocol, fault: SignatureFault, message: string): AwsError {
  const [code, status] = codes[protocol][fault];
  return new AwsError(code, message, status);
}
