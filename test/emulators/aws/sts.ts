import { type AccessKeys, uniqueId } from './access-keys.ts';
import type { Call } from './call.ts';
import { AwsError } from './errors.ts';
import type { Parameters } from './parameters.ts';
import type { Account, Role } from './world.ts';
import { document, element, text } from './xml.ts';

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** AWS Security Token Service, API version 2011-06-15: temporary credentials. */
export class SecurityTokenService {
  readonly #accounts: readonly Account[];
  readonly #keys: AccessKeys;

  constructor(accounts: readonly Account[], keys: AccessKeys) {
    this.#accounts = accounts;
    this.#keys = keys;
  }

  getCallerIdentity(call: Call, requestId: string): string {
    const { arn, userId, accountId } = call.principal;
    const result = [text('Arn', arn), text('UserId', userId), text('Account', accountId)];
    return this.#answer('GetCallerIdentity', requestId, ...result);
  }

  assumeRole(call: Call, parameters: Parameters, requestId: string): string {
    const roleArn = this.#valid(parameters, 'RoleArn', 'roleArn', /^[\u0020-\u007E]{20,2048}$/u);
    const session = this.#valid(parameters, 'RoleSessionName', 'roleSessionName', /^[\w+=,.@-]{2,64}$/u);
    const externalId = parameters.get('ExternalId');
    if (externalId !== undefined) this.#valid(parameters, 'ExternalId', 'externalId', /^[\w+=,.@:/-]{2,1224}$/u);
    const { account, role } = this.#trustedRole(call, roleArn, externalId);

    const seconds = this.#duration(parameters, role);
    const expiresAt = call.now.add({ seconds });
    const roleId = uniqueId('AROA', 21);
    const arn = `arn:aws:sts::${account.id}:assumed-role/${role.name}/${session}`;
    const key = this.#keys.createSession(
      { accountId: account.id, arn, userId: `${roleId}:${session}`, roleName: role.name },
      expiresAt,
    );
    const credentials = element(
      'Credentials',
      text('AccessKeyId', key.accessKeyId),
      text('SecretAccessKey', key.secretAccessKey),
      text('SessionToken', key.sessionToken),
      text('Expiration', expiresAt.toString({ smallestUnit: 'second' })),
    );
    const user = element('AssumedRoleUser', text('AssumedRoleId', key.principal.userId), text('Arn', arn));
    return this.#answer('AssumeRole', requestId, credentials, user, text('PackedPolicySize', 0));
  }

  /** The role and its account, where the role trusts the caller under this external id. Whether it exists is not told to those that it does not trust. */
  #trustedRole(call: Call, roleArn: string, externalId: string | undefined): { account: Account; role: Role } {
    const match = /^arn:aws:iam::(\d{12}):role\/(?:[\u0021-\u007E]+\/)?([\w+=,.@-]{1,64})$/u.exec(roleArn);
    if (match === null) throw this.#invalid(`${roleArn} is invalid`);
    const account = this.#accounts.find((one) => one.id === match[1]);
    const role = account?.role;
    const isTrusted = role?.name === match[2] && role?.externalId === externalId && call.account.isManagement;
    if (account?.status !== 'ACTIVE' || role === undefined || !isTrusted) {
      const message = `User: ${call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
      throw new AwsError('AccessDenied', message, 403);
    }
    return { account, role };
  }

  #duration(parameters: Parameters, role: Role): number {
    const asked = parameters.get('DurationSeconds');
    if (asked === undefined) return 3600;
    const seconds = Number(asked);
    if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) {
      throw this.#invalid(
        `1 validation error detected: Value '${asked}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200`,
      );
    }
    if (seconds > role.maxSessionSeconds) {
      throw this.#invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
    }
    return seconds;
  }

  #valid(parameters: Parameters, name: string, member: string, pattern: RegExp): string {
    const value = parameters.get(name) ?? '';
    if (pattern.test(value)) return value;
    throw this.#invalid(
      `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${pattern.source}`,
    );
  }

  #invalid(message: string): AwsError {
    return new AwsError('ValidationError', message);
  }

  #answer(action: string, requestId: string, ...result: readonly string[]): string {
    const metadata = element('ResponseMetadata', text('RequestId', requestId));
    return document(`${action}Response`, namespace, element(`${action}Result`, ...result), metadata);
  }
}
