import type { ActionEffect } from './action.ts';
import type { EntityType, OwnEntityType } from './entity.ts';
import type { CoreEventName } from './subscriber.ts';
import type { Slot } from './ui.ts';

/**
 * What a plugin may do. What is not listed is not there: `ctx.state` without `state`, no action beyond `actions`.
 * An administrator reads each of these in words before installing.
 */
export interface Capabilities {
  /** The types of records that it may deliver. */
  readonly records: readonly (EntityType | OwnEntityType)[];
  /** The strongest effect of its actions, in the order read, create, update, delete, execute. Absent: no actions. */
  readonly actions?: ActionEffect;
  /** Takes deliveries from the vendor. */
  readonly webhooks?: true;
  /** Is told of these events. */
  readonly events?: readonly CoreEventName[];
  /** Remembers things for each connection and scope. */
  readonly state?: true;
  /** Shows views in these places. */
  readonly views?: readonly Slot[];
  /** Shows pages of its own, in a frame without network. */
  readonly frames?: readonly Slot[];
}

/** `plugin.json`, written by hand: the part that people decide trust on. */
export interface PluginManifest {
  /** `<publisher>/<name>`, both in kebab case; never changes. */
  readonly id: string;
  readonly name: string;
  /** Semantic version. */
  readonly version: string;
  /** The contract it is written for. */
  readonly sdkApi: 1;
  /** One sentence. */
  readonly description: string;
  readonly kind: 'monitoring' | 'cloud' | 'saas' | 'endpoint' | 'backup' | 'accounting' | 'notification' | 'ai';
  /** SPDX identifier. */
  readonly licence: string;
  /** Where to report a weakness: a mail address or an https address. */
  readonly securityContact: string;
  readonly homepage?: string;
  /**
   * Hosts that it may reach: `api.example.com`, `*.example.com` (one label), or `{config.<field>}` for the host in that field of the
   * connection, which an administrator approves for each connection.
   */
  readonly egress: readonly string[];
  readonly capabilities: Capabilities;
}

/** The contract that this SDK speaks. */
export const SDK_API = 1;
