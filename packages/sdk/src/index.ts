export {
  defineAction,
  type Action,
  type ActionEffect,
  type ActionPlan,
  type ActionResult,
  type PlannedChange,
} from './action.ts';
export type { AuthChoice, AuthScheme, Placement, Template } from './auth.ts';
export {
  defineConnection,
  type CheckResult,
  type ConnectionType,
  type DiscoveredScope,
  type LimitRule,
  type Option,
  type ScopeHints,
} from './connection-type.ts';
export {
  scopeOf,
  type BoundScope,
  type Context,
  type Http,
  type HttpOptions,
  type HttpResponse,
  type IssueReport,
  type Issues,
  type Log,
  type State,
} from './context.ts';
export { entities, type EntityData, type EntityType, type OwnEntityType } from './entity.ts';
export {
  AuthFailed,
  ConfigInvalid,
  NotSupported,
  PermissionMissing,
  PluginError,
  RateLimited,
  ScopeGone,
  Transient,
  VendorBug,
  type PluginErrorDetails,
  type PluginErrorName,
} from './errors.ts';
export {
  defineConfig,
  field,
  type BooleanField,
  type ChoiceField,
  type ConfigOf,
  type EntityField,
  type Field,
  type FieldNotes,
  type Json,
  type JsonField,
  type ListField,
  type NumberField,
  type ObjectField,
  type ObjectOf,
  type Shape,
  type TextField,
  type ValueOf,
} from './field.ts';
export { SDK_API, type Capabilities, type PluginManifest } from './manifest.ts';
export { paginate, type Page } from './paginate.ts';
export { definePlugin, type Erased, type Plugin } from './plugin.ts';
export { defineStream, type Batch, type BoundTo, type RecordDelete, type RecordUpsert, type Stream } from './stream.ts';
export {
  defineSubscriber,
  type AlertEvent,
  type CoreEvent,
  type CoreEventName,
  type CoreEvents,
  type InvoiceEvent,
  type Subscriber,
  type TicketEvent,
} from './subscriber.ts';
export { defineFrame, defineView, type Block, type Cell, type Frame, type Slot, type Tone, type View } from './ui.ts';
export {
  defineWebhook,
  type Delivery,
  type Handshake,
  type VerifySpec,
  type WebhookBatch,
  type WebhookOutcome,
  type WebhookRecord,
  type WebhookSource,
} from './webhook.ts';
