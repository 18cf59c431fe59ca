import type { Field, Json } from '@bailiwick/sdk';
import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { pluginIdSchema } from '#modules/plugins';
import { limitRule } from './change-connection.ts';
import { connectionIdSchema, ISSUE_REPAIRS, CONNECTION_STATES, pluginIssueIdSchema } from './plugin-host-table.ts';

// What is any JSON comes from JSON; checking it again on its way out finds nothing.
const json = z.unknown() as z.ZodType<Json, Json>;
/** A field of the SDK, as its author declared it: plain JSON, from which the console draws the form. */
const fieldView = z.unknown() as unknown as z.ZodType<Field, Field>;

/** The form of one type of connection, in the order in which its author wrote it. */
export const connectionTypeView = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string().nullable(),
  fields: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      field: fieldView,
      isSecret: z.boolean(),
      isRequired: z.boolean(),
      /** The name to give to `plugin-host.list-options`; null where the field has no list. */
      options: z.string().nullable(),
      /** A host in it has to be approved: ask `plugin-host.describe-reach`. */
      needsApproval: z.boolean(),
    }),
  ),
  /** A person has to consent at the vendor: create, then `plugin-host.start-authorization`. */
  needsConsent: z.boolean(),
  limits: z.array(limitRule),
});

/** How a connection does: what needs a person comes first. */
export const connectionHealth = z.enum(['ok', 'warning', 'error', 'paused']);

/** A connection in a list. */
export const connectionView = z.object({
  id: connectionIdSchema,
  name: z.string(),
  pluginId: pluginIdSchema,
  /** `bailiwick/zabbix`. */
  plugin: z.string(),
  pluginTitle: z.string(),
  pluginVersion: z.string(),
  isPluginEnabled: z.boolean(),
  type: z.string(),
  typeLabel: z.string(),
  /** Null for the MSP's own. */
  clientId: clientIdSchema.nullable(),
  state: z.enum(CONNECTION_STATES),
  stateReason: z.string().nullable(),
  health: connectionHealth,
  openIssues: z.int(),
  /** Who is signed in at the vendor, in the vendor's words. */
  account: z.string().nullable(),
  checkedAt: z.iso.datetime().nullable(),
  /** When anything last succeeded. */
  succeededAt: z.iso.datetime().nullable(),
  version: z.int(),
});
export type ConnectionView = z.input<typeof connectionView>;

const approvalView = z.object({
  kind: z.enum(['origin', 'network']),
  value: z.string(),
  by: z.string(),
  at: z.string(),
});

/** One kind of call and how it goes: `check`, `discover`, `read:devices`, `apply:reboot`. */
export const healthView = z.object({
  kind: z.string(),
  label: z.string(),
  succeededAt: z.iso.datetime().nullable(),
  failedAt: z.iso.datetime().nullable(),
  failure: z.string().nullable(),
  message: z.string().nullable(),
  failuresInRow: z.int(),
  calls: z.int(),
  failures: z.int(),
});

/** A connection with all that its page shows; of secrets only which are filled in. */
export const connectionDetailView = connectionView.extend({
  config: z.record(z.string(), json),
  secretsSet: z.array(z.string()),
  approvals: z.array(approvalView),
  /** Null where the vendor's own limits hold. */
  limits: z.array(limitRule).nullable(),
  warnings: z.array(z.string()),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  /** Until when calls rest because the vendor does not answer. */
  pausedUntil: z.iso.datetime().nullable(),
  calls: z.array(healthView),
  form: connectionTypeView,
  streams: z.array(
    z.object({ name: z.string(), label: z.string(), entity: z.string(), grain: z.string(), every: z.string() }),
  ),
  actions: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      help: z.string().nullable(),
      effect: z.string(),
      grain: z.string(),
    }),
  ),
  webhooks: z.array(z.object({ name: z.string(), label: z.string(), setUp: z.string() })),
  discoversScopes: z.boolean(),
});
export type ConnectionDetailView = z.input<typeof connectionDetailView>;

/** Something that needs a person. */
export const issueView = z.object({
  id: pluginIssueIdSchema,
  connectionId: connectionIdSchema,
  connectionName: z.string(),
  clientId: clientIdSchema.nullable(),
  /** The scope's row in plugin-scopes; null is the connection itself. */
  remoteScopeId: z.string().nullable(),
  key: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  title: z.string(),
  remedy: z.string().nullable(),
  learnMore: z.string().nullable(),
  /** Which button to show. */
  repair: z.enum(ISSUE_REPAIRS).nullable(),
  data: z.record(z.string(), json),
  raisedAt: z.iso.datetime(),
  seenAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
});
export type IssueView = z.input<typeof issueView>;

/** A line that a plugin wrote, secrets taken out. */
export const logLineView = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  /** The vendor's id of the scope; empty for the connection itself. */
  scope: z.string(),
  call: z.string(),
  level: z.enum(['debug', 'info', 'warn']),
  message: z.string(),
  fields: z.record(z.string(), json),
});
