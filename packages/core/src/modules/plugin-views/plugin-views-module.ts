import { ClockToken } from '#kernel/tokens';
import { ConnectionQueries, MakePluginScopeToken, PluginCalls } from '#modules/plugin-host';
import { ScopeQueries } from '#modules/plugin-scopes';
import { EntityQueries } from '#modules/plugin-sync';
import { defineModule, provide } from '#platform/module';
import { FramePages } from './frame-pages.ts';
import { RenderView } from './render-view.ts';
import { viewOperations } from './view-operations.ts';
import { ViewPlaces } from './view-places.ts';
import { viewPermissions } from './views-policy.ts';

export const pluginViewsModule = defineModule({
  name: 'plugin-views',
  tables: [],
  permissions: viewPermissions,
  register(container) {
    provide(
      container,
      ViewPlaces,
      (c) =>
        new ViewPlaces({
          connections: c.resolve(ConnectionQueries),
          scopes: c.resolve(ScopeQueries),
          entities: c.resolve(EntityQueries),
          makePluginScope: c.resolve(MakePluginScopeToken),
        }),
    );
    provide(
      container,
      RenderView,
      (c) =>
        new RenderView({
          places: c.resolve(ViewPlaces),
          calls: c.resolve(PluginCalls),
          entities: c.resolve(EntityQueries),
          clock: c.resolve(ClockToken),
        }),
    );
    provide(container, FramePages, (c) => new FramePages({ places: c.resolve(ViewPlaces) }));
  },
  operations: (c) => viewOperations({ places: c.resolve(ViewPlaces), render: c.resolve(RenderView) }),
});
