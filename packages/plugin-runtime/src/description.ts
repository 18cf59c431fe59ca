import type {
  ActionEffect,
  AuthChoice,
  AuthScheme,
  CoreEventName,
  EntityType,
  Handshake,
  LimitRule,
  OwnEntityType,
  Shape,
  Slot,
  Template,
  VerifySpec,
} from '@bailiwick/sdk';

/**
 * What a plugin contributes, as plain JSON: everything of its definition that is not a function. Made by running the bundle once in the sandbox;
 * packed beside the manifest as `contributions.json`, and compared at install with what the bundle says.
 */
export interface PluginDescription {
  readonly connections: readonly ConnectionDescription[];
  readonly streams: readonly StreamDescription[];
  readonly actions: readonly ActionDescription[];
  readonly webhooks: readonly WebhookDescription[];
  readonly subscribers: readonly SubscriberDescription[];
  readonly views: readonly ViewDescription[];
  readonly frames: readonly FrameDescription[];
}

export interface ConnectionDescription {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly config: Shape;
  readonly baseUrl: Template;
  readonly auth: AuthScheme | AuthChoice;
  readonly limits: readonly LimitRule[];
  readonly headers: Readonly<Record<string, Template>>;
  readonly discoversScopes: boolean;
  /** Names of its `options` functions. */
  readonly options: readonly string[];
}

export interface StreamDescription {
  readonly name: string;
  readonly connection: string;
  readonly label: string;
  readonly entity: EntityType | OwnEntityType;
  readonly mode: 'full' | 'incremental' | 'live';
  /** No share that is gone is held back. Only where `mode` is `full`. */
  readonly comesAndGoes?: boolean;
  readonly grain: 'connection' | 'scope';
  /** ISO 8601 duration. */
  readonly every: string;
  readonly cursorVersion: number;
}

export interface ActionDescription {
  readonly name: string;
  readonly connection: string;
  readonly label: string;
  readonly help?: string;
  readonly input: Shape;
  readonly output: Shape;
  readonly effect: ActionEffect;
  readonly grain: 'connection' | 'scope';
  readonly target?: string;
  readonly idempotency: 'natural' | 'key' | 'none';
  readonly canVerify: boolean;
  readonly canUndo: boolean;
}

export interface WebhookDescription {
  readonly name: string;
  readonly connection: string;
  readonly label: string;
  readonly setUp: string;
  readonly verify: VerifySpec;
  readonly handshake?: Handshake;
  readonly idHeader?: string;
  readonly routes: boolean;
}

export interface SubscriberDescription {
  readonly name: string;
  readonly connection: string;
  readonly label: string;
  readonly events: readonly CoreEventName[];
}

export interface ViewDescription {
  readonly name: string;
  readonly connection: string;
  readonly label: string;
  readonly slot: Slot;
}

export interface FrameDescription extends ViewDescription {
  readonly view: string;
  readonly html: string;
}
