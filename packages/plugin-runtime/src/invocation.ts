import type {
  ActionPlan,
  ActionResult,
  Block,
  BoundScope,
  CheckResult,
  CoreEvent,
  Delivery,
  DiscoveredScope,
  HttpOptions,
  IssueReport,
  Json,
  Option,
  PluginErrorDetails,
  PluginErrorName,
  WebhookOutcome,
} from '@bailiwick/sdk';

/** What one call is bound to. It goes into the sandbox as it is: nothing in it is secret, nothing in it names a tenant. */
export interface Binding {
  /** The connection type's name. */
  readonly connection: string;
  /** The configuration without its secrets. */
  readonly config: Readonly<Record<string, Json>>;
  readonly scope: BoundScope | null;
  /** ISO 8601 in UTC. */
  readonly now: string;
  /** Seeds `ctx.random`. */
  readonly seed: number;
  /** Which optional services `ctx` has. */
  readonly grants: { readonly state: boolean };
}

/** A call that answers once. */
export type Call =
  | { readonly kind: 'check' }
  | { readonly kind: 'options'; readonly name: string }
  | { readonly kind: 'plan'; readonly name: string; readonly input: Readonly<Record<string, Json>> }
  | {
      readonly kind: 'apply';
      readonly name: string;
      readonly input: Readonly<Record<string, Json>>;
      readonly run: { readonly idempotencyKey: string; readonly plan: ActionPlan; readonly actor: string };
    }
  | { readonly kind: 'verify'; readonly name: string; readonly input: Readonly<Record<string, Json>> }
  | {
      readonly kind: 'undo';
      readonly name: string;
      readonly input: Readonly<Record<string, Json>>;
      readonly result: ActionResult;
    }
  | { readonly kind: 'route'; readonly name: string; readonly delivery: Delivery }
  | { readonly kind: 'handle'; readonly name: string; readonly delivery: Delivery }
  | { readonly kind: 'event'; readonly name: string; readonly event: CoreEvent }
  | {
      readonly kind: 'render';
      readonly name: string;
      readonly params: Readonly<Record<string, Json>>;
      readonly subject: { readonly device?: string };
    };

/** What each call answers, before the host has checked it: nothing a plugin says is trusted. */
export interface CallAnswers {
  readonly check: CheckResult;
  readonly options: readonly Option[];
  readonly plan: ActionPlan;
  readonly apply: ActionResult;
  readonly verify: { readonly holds: boolean; readonly detail?: string };
  readonly undo: ActionResult;
  readonly route: string | null;
  readonly handle: WebhookOutcome;
  readonly event: null;
  readonly render: readonly Block[];
}

/** A call that yields: pulled one batch at a time, so that a plugin never runs ahead of what is written. */
export type PullCall =
  | { readonly kind: 'discover' }
  | { readonly kind: 'read'; readonly name: string; readonly cursor: Json | undefined };

/** What one pull yields, unchecked. */
export interface PullAnswers {
  readonly discover: readonly DiscoveredScope[];
  /** A Batch of the SDK. */
  readonly read: unknown;
}

/** A request of `ctx.http` as it leaves the sandbox: bodies are text or base64. */
export interface BrokeredRequest {
  readonly url: string;
  readonly options: Omit<HttpOptions, 'body' | 'json' | 'form'> & {
    readonly body?: { readonly text: string } | { readonly base64: string };
    readonly contentType?: string;
  };
}

/** The answer as it enters the sandbox. */
export interface BrokeredResponse {
  readonly status: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly text: string } | { readonly base64: string };
}

/** What the host does for one call, bound to its connection and scope. Every method may throw a PluginError of the SDK; it is thrown again inside the sandbox. */
export interface Services {
  http(request: BrokeredRequest, signal: AbortSignal): Promise<BrokeredResponse>;
  stateGet(key: string): Promise<Json | undefined>;
  stateSet(key: string, value: Json): Promise<void>;
  stateDelete(key: string): Promise<void>;
  log(level: 'debug' | 'info' | 'warn', message: string, fields: Readonly<Record<string, Json>>): void;
  raiseIssue(issue: IssueReport): void;
}

/** Why a call failed, as the host sees it. `PluginBug`: anything that is not a typed error. The last three are the host's own verdicts. */
export type FailureName = PluginErrorName | 'PluginBug' | 'SandboxViolation' | 'TimedOut' | 'Aborted';

/** A call that did not succeed. `message` has no secret in it. */
export class CallFailed extends Error {
  readonly failure: FailureName;
  readonly details: PluginErrorDetails;

  constructor(failure: FailureName, message: string, details: PluginErrorDetails = {}) {
    super(message);
    this.name = 'CallFailed';
    this.failure = failure;
    this.details = details;
  }
}

/** How one call is held. */
export interface CallOptions {
  readonly binding: Binding;
  readonly services: Services;
  readonly signal?: AbortSignal;
  /** Longest wait for one answer or one batch; 60 where absent. The sandbox is stopped when a call does not end. */
  readonly timeoutSeconds?: number;
}

/** A plugin that runs, or will be started by the first call. */
export interface RunningPlugin {
  /** @throws CallFailed */
  call<C extends Call>(call: C, options: CallOptions): Promise<CallAnswers[C['kind']]>;
  /** Pulls lazily; leaving the loop ends the call inside. @throws CallFailed */
  pull<C extends PullCall>(call: C, options: CallOptions): AsyncIterable<PullAnswers[C['kind']]>;
  stop(): Promise<void>;
}
