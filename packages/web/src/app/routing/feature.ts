import type { Component } from 'solid-js';
import type { Action } from '#web/app/actions/actions.ts';

/** A screen's place in a door. `path` is below the door: `/tickets/:number`. */
export interface FeatureRoute {
  readonly path: string;
  /** Made with `screen(() => import('./…'), 'Name')`. */
  readonly component: Component;
  /** For the browser's tab, until the screen knows better. */
  readonly title: string;
}

/** A line in the rail of the console, or in the head of the portal. */
export interface NavItem {
  readonly label: string;
  readonly href: string;
  /** Only the console draws icons; `import Ticket from 'lucide-solid/icons/ticket'`. */
  readonly icon?: Component<{ class?: string; size?: number }>;
  /** Group in the rail; `work` stands on top without a heading. */
  readonly group: 'work' | 'estate' | 'business' | 'platform' | 'portal';
  /** Place inside the group, in tens. */
  readonly order: number;
  /** Hidden without it. */
  readonly permission?: string;
  /** An exact, cheap count of what waits; undefined while unknown, nothing is drawn for zero. Called once inside the shell. */
  readonly createCount?: () => () => number | string | undefined;
  /** Two keys: `g t`. */
  readonly shortcut?: string;
}

/** What the palette finds for a typed text. */
export interface PaletteHit {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  readonly group: string;
  readonly href: string;
}

/** All that one module adds to a door. Exported as `feature` from `features/<module>/feature.ts` or `portal/<module>/feature.ts`. */
export interface Feature {
  readonly name: string;
  readonly routes: readonly FeatureRoute[];
  readonly nav?: readonly NavItem[];
  /** Actions that can be done from anywhere; those of one screen are registered by the screen. */
  readonly createActions?: (go: (href: string) => void) => readonly Action[];
  /** A small thing in the console's top bar that is there on every screen: the running timer. Draws nothing while there is nothing to say. */
  readonly topBarItem?: Component;
  /** Searches this module's records for the palette. */
  readonly search?: (text: string, signal: AbortSignal) => Promise<readonly PaletteHit[]>;
}
