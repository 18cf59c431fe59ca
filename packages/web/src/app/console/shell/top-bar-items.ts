import type { Component } from 'solid-js';
import { consoleFeatures } from '../console-features.ts';

/** What modules show in the top bar, such as the running timer. */
export function topBarItems(): readonly { readonly component: Component }[] {
  return consoleFeatures.flatMap((feature) =>
    feature.topBarItem === undefined ? [] : [{ component: feature.topBarItem }],
  );
}
