import { InvalidInputError } from '#kernel/errors';
import type { PermissionDefinition, StandardRole } from '#platform/module';

/** Roles that an MSP has from the start, in the order in which they are offered to staff. */
export const STANDARD_ROLES = ['administrator', 'manager', 'technician', 'billing', 'read-only'] as const;
export type StaffRole = (typeof STANDARD_ROLES)[number];

/** What everybody who signs in may do with their own account. API keys do not get it. */
export const OWN_ACCOUNT = 'identity.use-account';

/** Every permission that the modules declare. */
export class PermissionCatalogue {
  readonly all: readonly PermissionDefinition[];
  readonly #names: ReadonlySet<string>;

  constructor(all: readonly PermissionDefinition[]) {
    this.all = all;
    this.#names = new Set(all.map(({ name }) => name));
  }

  /** What a standard role holds. */
  of(role: StandardRole): string[] {
    return this.all.filter(({ roles }) => roles.includes(role)).map(({ name }) => name);
  }

  /** Throws `identity.unknown-permission`, which names the field. */
  assertKnown(permissions: readonly string[]): void {
    const unknown = permissions.findIndex((name) => !this.#names.has(name));
    if (unknown >= 0)
      throw new InvalidInputError('identity.unknown-permission', `There is no permission ${permissions[unknown]}.`, {
        fields: [{ path: ['permissions', unknown], message: 'is not a permission' }],
      });
  }
}
