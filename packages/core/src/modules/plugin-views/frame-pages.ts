import { z } from 'zod';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { connectionIdSchema } from '#modules/plugin-host';
import { remoteScopeIdSchema } from '#modules/plugin-scopes';
import { assertFits, frameOf, viewOf, type ViewPlaces } from './view-places.ts';
import { SEE_VIEWS } from './views-policy.ts';

const openFrameInput = z.object({
  connectionId: connectionIdSchema,
  scopeId: remoteScopeIdSchema.optional(),
  frame: text({ max: 100 }),
});

/** Hands out the pages of frames, as the plugin was signed. Only where the frame stands may its page be read. */
export class FramePages {
  readonly #places: ViewPlaces;
  /** What the door in front of it asks for. */
  readonly access = { name: 'plugin-views.open-frame', audience: 'staff', permission: SEE_VIEWS } as const;
  readonly input = openFrameInput;

  constructor(deps: { places: ViewPlaces }) {
    this.#places = deps.places;
  }

  /** The page's HTML. Throws what `ViewPlaces.resolve` throws, `plugin-views.view-not-found`, `plugin-views.scope-needed`. */
  async open(scope: TenantScope, input: z.output<typeof openFrameInput>): Promise<string> {
    const { connectionId, scopeId = null } = input;
    const place = await this.#places.resolve(scope, { connectionId, scopeId });
    const frame = frameOf(place.connection, input.frame);
    assertFits(viewOf(place.connection, frame.view), place);
    return frame.html;
  }
}
