import { lazy } from 'solid-js';
import type { Component } from 'solid-js';
import { ensureTemporal } from '#web/app/time/temporal.ts';

/**
 * A screen in a chunk of its own, named by its export:
 * `screen(() => import('./ticket-list.tsx'), 'TicketList')`. `Temporal` is there before it renders.
 */
export function screen<Name extends string>(
  load: () => Promise<Record<Name, Component>>,
  name: Name,
): Component & { preload: () => Promise<unknown> } {
  return lazy(async () => {
    const [module] = await Promise.all([loadWithRetry(load), ensureTemporal()]);
    return { default: module[name] };
  });
}

// A chunk that is gone after a new version was deployed needs the new page; a network that blinked needs a second try.
async function loadWithRetry<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch {
    return load();
  }
}
