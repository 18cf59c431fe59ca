import type { Feature, FeatureRoute, NavItem } from '#web/app/routing/feature.ts';
import type { TextKey } from '#web/language/language.ts';

/** What one module adds to the portal: as in the console, but its titles and labels are names of messages, for the portal speaks several languages. */
export interface PortalFeature extends Omit<Feature, 'routes' | 'nav'> {
  readonly routes: readonly (Omit<FeatureRoute, 'title'> & { readonly title: TextKey })[];
  readonly nav?: readonly (Omit<NavItem, 'label'> & { readonly label: TextKey })[];
}
