import { createHmac, randomBytes } from 'node:crypto';
import { IdentityDoor, Invitations, StaffQueries, type LoginId } from '#modules/identity';
import { lookupScopeFor } from '#entry/http/session';
import { newId } from '#kernel/id';
import type { StandardRole } from '#platform/module';
import { STAFF } from './client-plan.ts';
import { staffScope, type Stage, type StagedStaff } from './stage.ts';

/** How somebody of the demo signs in; shown once and kept nowhere else. */
export interface DemoLogin {
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly password: string;
  /** For an authenticator app, in base32. */
  readonly totpSecret: string;
}

/** Invites Northgate's staff and takes the invitations, with password and second factor, by the same door as anybody else. */
export async function loadStaff(stage: Stage): Promise<{ staff: StagedStaff[]; logins: DemoLogin[] }> {
  const staff: StagedStaff[] = [];
  const logins: DemoLogin[] = [];
  for (const { name, user, standardRoles } of STAFF) {
    const email = `${user}@northgate.example`;
    const password = randomBytes(9).toString('base64url');
    const totpSecret = await join(stage, { name, email, password, standardRoles });
    const row = await stage.container.resolve(StaffQueries).byEmail(stage.system, email);
    const scope = staffScope(stage.mspId, { name, loginId: row.login_id as LoginId, standardRoles });
    staff.push({ name, staffId: row.id, scope });
    logins.push({ name, email, role: standardRoles.join(', '), password, totpSecret });
  }
  stage.say(`  staff: ${staff.length}`);
  return { staff, logins };
}

async function join(
  stage: Stage,
  person: { name: string; email: string; password: string; standardRoles: readonly StandardRole[] },
): Promise<string> {
  const { link } = await stage.container.resolve(Invitations).inviteStaff(stage.system, {
    email: person.email,
    standardRoles: [...person.standardRoles] as never,
    roleIds: [],
    reach: { kind: 'all' },
  });
  const browser = new Browser(stage.container.resolve(IdentityDoor));
  const token = link.slice(link.indexOf('#') + 1);
  await browser.act('accept-invitation', { token, name: person.name, password: person.password });
  const { totpUri } = (await browser.act('enrol-totp', { password: person.password })) as { totpUri: string };
  const secret = new URL(totpUri).searchParams.get('secret') ?? '';
  await browser.act('confirm-totp', { code: codeOf(secret) });
  return secret;
}

/** As much of a browser as signing in needs: it keeps cookies. */
class Browser {
  readonly #door: IdentityDoor;
  readonly #cookies = new Map<string, string>();

  constructor(door: IdentityDoor) {
    this.#door = door;
  }

  async act(name: string, input: object): Promise<object> {
    const action = this.#door.actions.find((one) => one.name === name);
    if (action === undefined) throw new TypeError(`There is no action ${name}.`);
    const cookie = [...this.#cookies].map(([key, value]) => `${key}=${value}`).join('; ');
    const proof = { headers: new Headers({ cookie }), ip: '127.0.0.1', userAgent: 'demo', requestId: newId() };
    const { body, cookies } = await action.run(action.input.parse(input), proof, lookupScopeFor(proof));
    for (const line of cookies) {
      const pair = line.split(';')[0] ?? '';
      this.#cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return body;
  }
}

/** What an authenticator app shows now (RFC 6238 with its usual 30 seconds, six digits and SHA-1). */
function codeOf(secret: string): string {
  const bits = secret
    .replaceAll('=', '')
    .split('')
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Temporal.Now.instant().epochMilliseconds / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
