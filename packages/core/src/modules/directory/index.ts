/** Routes from secrets to scopes, and the list of MSPs: the only rows that are read before a scope exists. */
export { directoryModule } from './directory-module.ts';
export { Directory, hashOf, type DirectoryMembership, type DirectoryMsp, type Route } from './directory.ts';
export type { RouteKind } from './directory-table.ts';
