import type {
  ActionPlan,
  ActionResult,
  CheckResult,
  DiscoveredScope,
  IssueReport,
  Json,
  Option,
  WebhookOutcome,
} from '@bailiwick/sdk';
import * as z from 'zod';
import { CallFailed } from '../invocation.ts';
import type { ActionDescription, WebhookDescription } from '../description.ts';
import { jsonHash } from './canonical-json.ts';
import { checkValue } from './check-value.ts';
import { checked } from './checked.ts';
import { asJson } from './json-value.ts';
import { isStorable, isStorableInstant, storable } from './storable.ts';

const sentence = z.string().min(1).max(1000).transform(storable);
const shortText = z.string().min(1).max(300).transform(storable);
const detail = z.string().max(1000).transform(storable);
const id = z.string().min(1).max(500).refine(isStorable, 'has broken or null characters');

const plan = z.strictObject({
  summary: sentence,
  changes: z
    .array(
      z.strictObject({
        what: shortText,
        from: detail.exactOptional(),
        to: detail.exactOptional(),
      }),
    )
    .max(500),
  affected: z.array(z.strictObject({ entity: shortText, id })).max(10_000),
  isReversible: z.boolean(),
  disruption: z.enum(['none', 'brief', 'outage']),
});

/** @throws CallFailed PluginBug, naming the field */
export function checkPlan(value: unknown): ActionPlan {
  return checked(plan, value, 'plan');
}

/** Equal for the same action, input and plan; what a person approves and `apply` compares. */
export function planHash(action: string, input: Readonly<Record<string, Json>>, planned: ActionPlan): string {
  return jsonHash({ action, input, plan: asJson(planned) ?? null });
}

const result = z.strictObject({
  summary: sentence,
  output: z.record(z.string(), z.unknown()).exactOptional(),
  failures: z.array(sentence).max(100).exactOptional(),
});

/**
 * What `apply` and `undo` answered; the output is checked against the action's own description of it.
 *
 * @throws CallFailed PluginBug, naming the field
 */
export function checkResult(value: unknown, action: Pick<ActionDescription, 'output'>): ActionResult {
  const { summary, output, failures } = checked(result, value, 'result');
  const kept = output === undefined ? undefined : checkValue(action.output, output, 'output');
  if (kept?.ok === false) throw bug(kept.errors.map((error) => `${error.path}: ${error.message}`).join('; '));
  return {
    summary,
    ...(kept === undefined ? {} : { output: kept.value }),
    ...(failures === undefined ? {} : { failures }),
  };
}

const verification = z.strictObject({ holds: z.boolean(), detail: detail.exactOptional() });

/** What `verify` read back. @throws CallFailed PluginBug, naming the field */
export function checkVerification(value: unknown): { readonly holds: boolean; readonly detail?: string } {
  return checked(verification, value, 'verify');
}

const connectionCheck = z.strictObject({ account: shortText, warnings: z.array(sentence).max(20).exactOptional() });

/** What a connection's `check` found. @throws CallFailed PluginBug, naming the field */
export function checkCheckResult(value: unknown): CheckResult {
  return checked(connectionCheck, value, 'check');
}

const options = z.array(z.strictObject({ value: z.string().min(1).max(1000), label: shortText })).max(5000);

/** What an `options` function listed. @throws CallFailed PluginBug, naming the field */
export function checkOptions(value: unknown): readonly Option[] {
  return checked(options, value, 'options');
}

const issue = z.strictObject({
  id: z
    .string()
    .max(100)
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  severity: z.enum(['info', 'warning', 'error']),
  title: shortText,
  remedy: sentence.exactOptional(),
  learnMore: z
    .url({ protocol: /^https$/ })
    .max(1000)
    .exactOptional(),
});

/** An issue that a plugin raises. @throws CallFailed PluginBug, naming the field */
export function checkIssue(value: unknown): IssueReport {
  return checked(issue, value, 'issue');
}

const hint = z.string().min(1).max(320);
const scope = z.strictObject({
  id,
  name: shortText,
  kind: z
    .string()
    .max(60)
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  parentId: id.exactOptional(),
  validUntil: z.string().max(40).refine(isStorableInstant, 'is no instant').exactOptional(),
  isAccessible: z.boolean().exactOptional(),
  hints: z
    .strictObject({
      tenantId: hint.exactOptional(),
      domains: z.array(hint).max(1000).exactOptional(),
      taxId: hint.exactOptional(),
      customerNumber: hint.exactOptional(),
      deviceSerials: z.array(hint).max(20_000).exactOptional(),
      emails: z.array(hint).max(1000).exactOptional(),
    })
    .exactOptional(),
});

/** How many scopes a connection may have. */
export const MAX_SCOPES = 20_000;

/**
 * One batch of discovery. `seen` holds the ids of the batches before and takes those of this one.
 *
 * @throws CallFailed PluginBug, where a scope is wrong, its id comes twice, or there are more than 20,000
 */
export function checkScopes(value: unknown, seen: Set<string>): readonly DiscoveredScope[] {
  const scopes: readonly DiscoveredScope[] = checked(z.array(scope).max(MAX_SCOPES), value, 'scopes');
  for (const [index, found] of scopes.entries()) {
    if (seen.has(found.id)) throw bug(`scopes[${index}].id: "${found.id.slice(0, 60)}" was listed before`);
    if (found.parentId === found.id) throw bug(`scopes[${index}].parentId: is its own id`);
    seen.add(found.id);
  }
  if (seen.size > MAX_SCOPES) throw bug(`scopes: there are more than ${MAX_SCOPES}`);
  return scopes;
}

/** The scope that `route` named; null for the whole connection. @throws CallFailed PluginBug */
export function checkRoute(value: unknown): string | null {
  return checked(id.nullable(), value, 'route');
}

const outcome = z.strictObject({
  batches: z
    .record(
      z.string().max(100),
      z.strictObject({
        upserts: z
          .array(z.strictObject({ id, scope: id.exactOptional(), data: z.record(z.string(), z.unknown()) }))
          .max(5000),
        deletes: z
          .array(z.strictObject({ id, scope: id.exactOptional() }))
          .max(5000)
          .exactOptional(),
      }),
    )
    .exactOptional(),
  nudge: z.array(z.string().max(100)).max(100).exactOptional(),
});

/**
 * What a delivery leads to: only streams of its own connection type, and only nudges where nothing but the address vouches for it. The records are
 * checked by normaliseBatch, stream by stream.
 *
 * @param streams names of the streams of the webhook's connection type
 * @throws CallFailed PluginBug, naming the field
 */
export function checkOutcome(
  value: unknown,
  webhook: Pick<WebhookDescription, 'verify'>,
  streams: ReadonlySet<string>,
): WebhookOutcome {
  const { batches = {}, nudge = [] } = checked(outcome, value, 'outcome');
  const stranger = [...Object.keys(batches), ...nudge].find((name) => !streams.has(name));
  if (stranger !== undefined) throw bug(`outcome: this connection type has no stream "${stranger}"`);
  const { verify } = webhook;
  if (Object.keys(batches).length > 0 && verify.kind === 'address' && verify.trusted === undefined)
    throw bug(
      'outcome.batches: a webhook that is only known by its address may name streams to read, not bring records',
    );
  return { batches: batches as NonNullable<WebhookOutcome['batches']>, nudge: [...new Set(nudge)] };
}

function bug(message: string): CallFailed {
  return new CallFailed('PluginBug', message);
}
