import { PluginError, type PluginErrorDetails, type PluginErrorName } from '@bailiwick/sdk';
import * as z from 'zod';
import { CallFailed } from '../invocation.ts';
import { storable } from '../rules/storable.ts';
import type { GuestMessage } from './guest-message.ts';

const typed: Readonly<Record<PluginErrorName, true>> = {
  AuthFailed: true,
  PermissionMissing: true,
  RateLimited: true,
  Transient: true,
  ScopeGone: true,
  ConfigInvalid: true,
  NotSupported: true,
  VendorBug: true,
};

const details = z.object({
  retryAfterSeconds: z.number().min(0).max(86_400).exactOptional().catch(60),
  required: z.string().max(500).transform(storable).exactOptional(),
  path: z.string().max(300).transform(storable).exactOptional(),
});

function isTyped(name: string): name is PluginErrorName {
  return Object.hasOwn(typed, name);
}

/** What a sandbox says went wrong, as the host holds it: only the typed errors keep their name. */
export function pluginFailure(failed: Extract<GuestMessage, { kind: 'failed' }>): CallFailed {
  const { name, message } = failed;
  if (!isTyped(name)) return new CallFailed('PluginBug', `${name}: ${message}`);
  const kept = details.safeParse(failed.details);
  return new CallFailed(name, message, kept.success ? withoutUndefined(kept.data) : {});
}

/** An error of a service, as the plugin may know it: typed ones whole, others without a word of the host's inside. */
export function toGuest(error: unknown): { readonly name: string; readonly message: string; readonly details: object } {
  if (error instanceof PluginError || error instanceof CallFailed) {
    const name = error instanceof CallFailed ? error.failure : error.name;
    return { name, message: error.message, details: error.details };
  }
  return { name: 'Transient', message: 'The host could not do this now.', details: {} };
}

function withoutUndefined(found: z.infer<typeof details>): PluginErrorDetails {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
