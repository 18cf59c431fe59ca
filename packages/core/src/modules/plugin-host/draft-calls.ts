import type { CheckResult, Option } from '@bailiwick/sdk';
import {
  CallFailed,
  checkCheckResult,
  checkOptions,
  MemoryCredentialStore,
  type Call,
  type CallAnswers,
  type CredentialStore,
} from '@bailiwick/plugin-runtime';
import type { Clock } from '#kernel/clock';
import { InvalidInputError, type FieldError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { InstalledPlugin, PluginPackages } from '#modules/plugins';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ConnectionDraft, OpenConnections } from './open-connections.ts';
import type { PluginRunner } from './plugin-runner.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly open: OpenConnections;
  readonly packages: PluginPackages;
  readonly runner: PluginRunner;
  readonly clock: Clock;
}

/** Calls with a configuration that is not saved: the check before it is, and the lists that its form needs. Nothing of them is kept but the answer. */
export class DraftCalls {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Who is signed in with it. Throws `CallFailed`, without secrets. */
  async check(
    scope: TenantScope,
    plugin: InstalledPlugin,
    draft: ConnectionDraft,
    tokens: CredentialStore = new MemoryCredentialStore(),
  ): Promise<CheckResult> {
    return checkCheckResult(await this.#call(scope, plugin, draft, { kind: 'check' }, tokens));
  }

  /** What can be chosen in a field. Throws `CallFailed`. */
  async options(
    scope: TenantScope,
    plugin: InstalledPlugin,
    draft: ConnectionDraft,
    name: string,
  ): Promise<readonly Option[]> {
    const tokens = new MemoryCredentialStore();
    return checkOptions(await this.#call(scope, plugin, draft, { kind: 'options', name }, tokens));
  }

  async #call<C extends Call>(
    scope: TenantScope,
    plugin: InstalledPlugin,
    draft: ConnectionDraft,
    call: C,
    tokens: CredentialStore,
  ): Promise<CallAnswers[C['kind']]> {
    const { db, open, packages, runner, clock } = this.#deps;
    const bundle = await db.transaction(scope, (tx) => packages.openDigest(tx, plugin.digest));
    const running = await runner.plugin(scope.mspId, plugin.versionId, bundle);
    const broker = open.draftBroker(plugin, draft, tokens);
    try {
      const notes = new Map<string, never>();
      const answer = await running.call(call, {
        timeoutSeconds: 60,
        binding: {
          connection: draft.type.name,
          config: draft.config,
          scope: null,
          now: clock.now().toString(),
          seed: 0,
          grants: { state: plugin.capabilities.state === true },
        },
        services: {
          http: broker.bind({ scope: null, priority: 'action' }).http,
          // A draft remembers nothing.
          stateGet: async (key) => notes.get(key),
          stateSet: async () => {},
          stateDelete: async () => {},
          log: () => {},
          raiseIssue: () => {},
        },
      });
      return broker.redactor.json((answer ?? null) as never) as CallAnswers[C['kind']];
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      throw new CallFailed(error.failure, broker.redactor.text(error.message), error.details);
    } finally {
      broker.close();
    }
  }
}

/** A failed check as the form shows it: at the field that is wrong, or at the credential. */
export function refusedDraft(
  failure: CallFailed,
  draft: Pick<ConnectionDraft, 'type' | 'config' | 'secrets'>,
): InvalidInputError {
  return new InvalidInputError(`plugin-host.check-failed`, messageOf(failure), {
    fields: fieldsOf(failure, draft),
    cause: failure,
  });
}

/** Vendors say what is wrong in words of their own ("Session terminated"): first what it means. */
function messageOf({ failure, message }: CallFailed): string {
  return failure === 'AuthFailed' ? `The vendor does not accept this: ${message}` : message;
}

function fieldsOf(
  failure: CallFailed,
  { type, secrets: entered }: Pick<ConnectionDraft, 'type' | 'secrets'>,
): FieldError[] {
  const message = messageOf(failure);
  const { path } = failure.details;
  const secrets = Object.keys(type.config).filter((name) => type.config[name]?.kind === 'secret');
  if (failure.failure === 'ConfigInvalid' && path !== undefined) {
    const [field = path] = path.split(/[.[]/);
    if (secrets.includes(field)) return [{ path: ['secrets', field], message }];
    if (field in type.config) return [{ path: ['config', field], message }];
  }
  // What was left empty was not refused; where all was, any of it may be missing.
  const sent = secrets.filter((name) => (entered[name] ?? '') !== '');
  if (failure.failure === 'AuthFailed' && secrets.length > 0)
    return (sent.length > 0 ? sent : secrets).map((name) => ({ path: ['secrets', name], message }));
  return [{ path: ['config'], message }];
}
