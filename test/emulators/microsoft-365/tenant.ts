export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A resource as Graph sends it; a property that is never sent is simply not there. */
export type GraphObject = { id: string; [property: string]: Json };

/** A product and how many units of it were bought; consumed units are counted from the users. */
export interface Product {
  readonly skuId: string;
  readonly skuPartNumber: string;
  enabledUnits: number;
  warningUnits: number;
  suspendedUnits: number;
  readonly servicePlans: readonly { readonly servicePlanId: string; readonly servicePlanName: string }[];
}

export interface Group {
  readonly object: GraphObject;
  readonly memberIds: Set<string>;
}

interface UserChange {
  readonly revision: number;
  readonly userId: string;
  readonly kind: 'created' | 'updated' | 'deleted';
  readonly properties: readonly string[];
}

type UserListener = (tenant: Tenant, userId: string, kind: UserChange['kind']) => void;

/** The permissions that an administrator of the tenant granted to an application. */
export interface Consent {
  readonly applicationPermissions: Set<string>;
  readonly delegatedPermissions: Set<string>;
}

/** One Microsoft Entra tenant with all that the emulator knows of it. */
export class Tenant {
  readonly users = new Map<string, GraphObject>();
  readonly deletedUsers = new Map<string, GraphObject>();
  readonly groups = new Map<string, Group>();
  readonly products: Product[] = [];
  readonly domains: GraphObject[] = [];
  readonly managedDevices = new Map<string, GraphObject>();
  readonly devices = new Map<string, GraphObject>();
  readonly secureScores: GraphObject[] = [];
  readonly controlProfiles: GraphObject[] = [];
  readonly mailboxSettings = new Map<string, { [key: string]: Json }>();
  readonly authenticationMethods = new Map<string, GraphObject[]>();
  /** Holders of a privileged role, whom an application may not change without such a role of its own. */
  readonly privilegedUserIds = new Set<string>();
  readonly consents = new Map<string, Consent>();
  readonly changes: UserChange[] = [];
  revision = 0;
  /** Tokens of an earlier generation must start again from the beginning. */
  syncGeneration = 0;
  private readonly listeners: UserListener[] = [];
  readonly id: string;
  readonly displayName: string;
  readonly defaultDomain: string;
  readonly hasPremiumLicence: boolean;

  constructor(id: string, displayName: string, defaultDomain: string, hasPremiumLicence: boolean) {
    this.id = id;
    this.displayName = displayName;
    this.defaultDomain = defaultDomain;
    this.hasPremiumLicence = hasPremiumLicence;
  }

  onUserChange(listener: UserListener): void {
    this.listeners.push(listener);
  }

  /** By id or user principal name, which Graph compares without regard to case. */
  findUser(idOrName: string): GraphObject | undefined {
    const wanted = idOrName.toLowerCase();
    return (
      this.users.get(wanted) ??
      [...this.users.values()].find((user) => String(user['userPrincipalName']).toLowerCase() === wanted)
    );
  }

  addUser(user: GraphObject): void {
    this.users.set(user.id, user);
    this.record(user.id, 'created', Object.keys(user));
  }

  changeUser(id: string, properties: { readonly [property: string]: Json }): void {
    const user = this.users.get(id);
    if (user === undefined) throw new Error(`The tenant ${this.displayName} has no user ${id}.`);
    Object.assign(user, properties);
    this.record(id, 'updated', Object.keys(properties));
  }

  /** Into the recycle bin, where Graph keeps it for 30 days. */
  removeUser(id: string): void {
    const user = this.users.get(id);
    if (user === undefined) throw new Error(`The tenant ${this.displayName} has no user ${id}.`);
    this.users.delete(id);
    this.deletedUsers.set(id, user);
    for (const group of this.groups.values()) group.memberIds.delete(id);
    this.record(id, 'deleted', []);
  }

  consumedUnits(skuId: string): number {
    return [...this.users.values()].filter((user) => licencesOf(user).includes(skuId)).length;
  }

  private record(userId: string, kind: UserChange['kind'], properties: readonly string[]): void {
    this.revision += 1;
    this.changes.push({ revision: this.revision, userId, kind, properties });
    for (const listener of this.listeners) listener(this, userId, kind);
  }
}

/** The ids of the products that are assigned to the user. */
export function licencesOf(user: GraphObject): string[] {
  const assigned = user['assignedLicenses'];
  if (!Array.isArray(assigned)) return [];
  return assigned.map((licence) => String((licence as { [key: string]: Json })['skuId']));
}
