/** What one of Amazon's own host names says. */
export interface HostMeaning {
  readonly service: string;
  readonly region: string;
  /** The bucket of a virtual-hosted-style request. */
  readonly bucket: string | undefined;
}

/** Reads a host such as `ec2.eu-central-1.amazonaws.com`; undefined for any other, which then says nothing. */
export function readHost(host: string): HostMeaning | undefined {
  const s3 = /^(?:(.+)\.)?s3(?:\.([a-z0-9-]+))?\.amazonaws\.com$/u.exec(host);
  if (s3 !== null) return { service: 's3', region: s3[2] ?? 'us-east-1', bucket: s3[1] };
  const other = /^(ec2|rds|sts|monitoring|organizations)(?:\.([a-z0-9-]+))?\.amazonaws\.com$/u.exec(host);
  return other === null ? undefined : { service: other[1] ?? '', region: other[2] ?? 'us-east-1', bucket: undefined };
}
