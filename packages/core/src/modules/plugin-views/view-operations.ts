import { z } from 'zod';
import { defineQuery } from '#kernel/operation';
import { findRecordInput, renderViewInput, type RenderView } from './render-view.ts';
import { listViewsInput, type ViewPlaces } from './view-places.ts';
import { drawnView, placedViewView, viewLinkView } from './view-view.ts';
import { SEE_VIEWS } from './views-policy.ts';

interface Needs {
  readonly places: ViewPlaces;
  readonly render: RenderView;
}

/** What the outside may ask of this module. */
export function viewOperations({ places, render }: Needs) {
  return {
    listViews: defineQuery({
      name: 'plugin-views.list-views',
      permission: SEE_VIEWS,
      input: listViewsInput,
      output: z.object({ items: z.array(placedViewView) }),
      rest: { method: 'GET', path: '/plugin-views', summary: 'Pages of plugins at a client, an asset or a connection' },
      run: async (scope, input) => ({ items: await places.list(scope, input) }),
    }),
    renderView: defineQuery({
      name: 'plugin-views.render-view',
      permission: SEE_VIEWS,
      input: renderViewInput,
      output: drawnView,
      rest: { method: 'POST', path: '/plugin-views/render', summary: 'Draw a page of a plugin now' },
      run: (scope, input) => render.run(scope, input),
    }),
    findRecord: defineQuery({
      name: 'plugin-views.find-record',
      permission: SEE_VIEWS,
      input: findRecordInput,
      output: z.object({ link: viewLinkView.nullable() }),
      rest: { method: 'GET', path: '/plugin-views/record', summary: 'Which record a page of a plugin means' },
      run: async (scope, input) => ({ link: await render.find(scope, input) }),
    }),
  };
}
