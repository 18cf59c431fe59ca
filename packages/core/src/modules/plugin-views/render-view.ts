import type { Block, Cell, Shape } from '@bailiwick/sdk';
import { CallFailed, checkBlocks, type Call, type FailureName } from '@bailiwick/plugin-runtime';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { UnavailableError } from '#kernel/errors';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { assetIdSchema } from '#modules/assets';
import { connectionIdSchema, type PluginCalls } from '#modules/plugin-host';
import { remoteScopeIdSchema } from '#modules/plugin-scopes';
import type { EntityQueries } from '#modules/plugin-sync';
import { assertFits, viewOf, type Place, type ViewPlaces } from './view-places.ts';
import type { DrawnView, ViewLink } from './view-view.ts';

/** As much as one field of the SDK may be: what a form asks for is a few values. */
const MAX_PARAMS_BYTES = 65_536;
/** As long as a person waits in front of a page. */
const TIMEOUT_SECONDS = 20;

export const renderViewInput = z.object({
  connectionId: connectionIdSchema,
  /** Of views at a client or at an asset. */
  scopeId: remoteScopeIdSchema.optional(),
  /** Of views at an asset. */
  assetId: assetIdSchema.optional(),
  view: text({ max: 100 }),
  /** What the person chose in the view's own form. */
  params: z
    .record(z.string().max(100), z.json())
    .refine((params) => Buffer.byteLength(JSON.stringify(params)) <= MAX_PARAMS_BYTES, {
      error: 'must have at most 64 KiB as JSON',
    })
    .default({}),
});
export const findRecordInput = z.object({
  connectionId: connectionIdSchema,
  scopeId: remoteScopeIdSchema.optional(),
  entity: text({ max: 200 }),
  /** At the vendor. */
  id: text({ max: 500 }),
});

interface Deps {
  readonly places: ViewPlaces;
  readonly calls: PluginCalls;
  readonly entities: EntityQueries;
  readonly clock: Clock;
}

/** Draws a view now, from what the vendor answers to its plugin. Nothing is kept, and nothing is written at the vendor. */
export class RenderView {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws what `ViewPlaces.resolve` and `deviceOf` throw, `plugin-views.view-not-found`, `plugin-views.scope-needed`, and an unavailable error whose code says what failed:
   * `plugin-views.auth-failed`, `plugin-views.plugin-bug` (which names the block), `plugin-views.timed-out` and so on for each failure of a call.
   */
  async run(scope: TenantScope, input: z.output<typeof renderViewInput>): Promise<DrawnView> {
    const { places, clock } = this.#deps;
    const { connectionId, scopeId = null, assetId, params } = input;
    const place = await places.resolve(scope, { connectionId, scopeId });
    const view = viewOf(place.connection, input.view);
    assertFits(view, place);
    const device = await places.deviceOf(scope, place, view, assetId);
    const drawnAt = clock.now().toString();
    const subject = device === null ? {} : { device };
    const blocks = await this.#draw(scope, place, { kind: 'render', name: view.name, params, subject });
    const links = await this.#links(scope, place, blocks.flatMap(recordsIn));
    return { blocks: [...blocks], links, drawnAt };
  }

  /** What a record is here, where the reader may see it; null otherwise. Throws as `ViewPlaces.resolve` does. */
  async find(scope: TenantScope, input: z.output<typeof findRecordInput>): Promise<ViewLink | null> {
    const { connectionId, scopeId = null, entity, id } = input;
    const place = await this.#deps.places.resolve(scope, { connectionId, scopeId });
    const [link = null] = await this.#links(scope, place, [{ entity, id }]);
    return link;
  }

  async #draw(scope: TenantScope, place: Place, call: Extract<Call, { kind: 'render' }>): Promise<readonly Block[]> {
    try {
      const answer = await this.#deps.calls.call(scope, {
        connectionId: place.connection.id,
        remote: place.bound,
        ...(place.remote === null ? {} : { remoteScopeId: place.remote.id }),
        call,
        readOnly: true,
        timeoutSeconds: TIMEOUT_SECONDS,
      });
      const blocks = checkBlocks(answer);
      for (const [index, block] of blocks.entries())
        if (block.kind === 'form' && asksSecret(block.fields))
          throw new CallFailed('PluginBug', `blocks[${index}].fields: a view asks for no secret`);
      return blocks;
    } catch (error) {
      if (error instanceof CallFailed) throw inWords(error);
      throw error;
    }
  }

  async #links(
    scope: TenantScope,
    place: Place,
    refs: readonly { readonly entity: string; readonly id: string }[],
  ): Promise<ViewLink[]> {
    const of = { connectionId: place.connection.id, scopeId: place.remote?.id ?? null };
    const records = await this.#deps.entities.byExternalIds(scope, of, refs);
    const byRef = Map.groupBy(records, (record) => JSON.stringify([record.entity, record.externalId]));
    // Two scopes may use the same id; a link that leads to somebody else's record is worse than none.
    return [...byRef.values()].flatMap(([record, ...others]) =>
      record === undefined || others.length > 0
        ? []
        : {
            entity: record.entity,
            id: record.externalId,
            recordId: record.id,
            connectionId: record.connectionId,
            clientId: record.clientId,
            assetId: record.assetId,
            alertId: record.alertId,
          },
    );
  }
}

/** Every record that a block names. */
function recordsIn(block: Block): { entity: string; id: string }[] {
  if (block.kind === 'entity-link') return [{ entity: block.entity, id: block.id }];
  if (block.kind !== 'table') return [];
  return block.rows.flat().flatMap((cell: Cell) => (isRecord(cell) ? [{ entity: cell.entity, id: cell.id }] : []));
}

function isRecord(cell: Cell): cell is Extract<Cell, { entity: string }> {
  return typeof cell === 'object' && cell !== null && 'entity' in cell;
}

function asksSecret(shape: Shape): boolean {
  return Object.values(shape).some((field) => {
    if (field.kind === 'list') return asksSecret({ of: field.of });
    return field.kind === 'secret' || (field.kind === 'object' && asksSecret(field.fields));
  });
}

const WORDS: Readonly<Record<FailureName, string>> = {
  AuthFailed: 'The vendor refuses the credential of this connection',
  PermissionMissing: 'The credential of this connection may not read this at the vendor',
  RateLimited: 'The vendor asks for a pause',
  Transient: 'The vendor does not answer now',
  ScopeGone: 'The vendor no longer has what this shows',
  ConfigInvalid: 'The connection is not set up for this',
  NotSupported: 'This cannot be shown now',
  VendorBug: 'The vendor answered what cannot be read',
  PluginBug: 'The plugin made a mistake, which its publisher has to repair',
  SandboxViolation: 'The plugin tried what it may not, and was stopped',
  TimedOut: 'The plugin took too long, and was stopped',
  Aborted: 'The plugin was stopped before it had answered',
};

function inWords(error: CallFailed): UnavailableError {
  const kebab = error.failure.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  return new UnavailableError(`plugin-views.${kebab}`, `${WORDS[error.failure]}: ${error.message}`, { cause: error });
}
