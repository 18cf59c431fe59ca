import { createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import type { Accessor } from 'solid-js';
import { actions } from '#web/app/actions/actions.ts';
import type { Feature, PaletteHit } from '#web/app/routing/feature.ts';
import { matchScore } from './match-score.ts';

export interface PaletteEntry {
  readonly id: string;
  readonly label: string;
  readonly detail?: string | undefined;
  readonly shortcut?: string | undefined;
  readonly href?: string | undefined;
  readonly run?: (() => void) | undefined;
}

export interface PaletteGroup {
  readonly heading: string;
  readonly entries: readonly PaletteEntry[];
}

// Long enough that typing a word is one request, short enough not to be felt.
const SEARCH_DELAY_MS = 120;
const MOST_ACTIONS = 8;

/** What the palette shows for a text: records from every module that can be searched, then actions. */
export function createPaletteEntries(
  text: Accessor<string>,
  features: Accessor<readonly Feature[]>,
): { readonly groups: Accessor<readonly PaletteGroup[]>; readonly isSearching: Accessor<boolean> } {
  const [hits, setHits] = createSignal<readonly PaletteHit[]>([]);
  const [waiting, setWaiting] = createSignal(0);

  createEffect(() => {
    const wanted = text().trim();
    const sources = features().flatMap((feature) => feature.search ?? []);
    setHits([]);
    if (wanted.length < 2) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      for (const search of sources) {
        setWaiting((count) => count + 1);
        void search(wanted, stop.signal)
          .then((found) => {
            if (!stop.signal.aborted) setHits((current) => [...current, ...found]);
          })
          // A module that does not answer must not take the others' results away.
          .catch(() => undefined)
          .finally(() => setWaiting((count) => count - 1));
      }
    }, SEARCH_DELAY_MS);
    onCleanup(() => {
      clearTimeout(timer);
      stop.abort();
    });
  });

  const matching = createMemo(() => {
    const wanted = text().trim();
    return actions()
      .filter((action) => action.isHiddenInPalette !== true && action.isEnabled?.() !== false)
      .map((action) => ({
        action,
        score: matchScore(wanted, `${action.name} ${action.group} ${action.keywords ?? ''}`),
      }))
      .filter(({ score }) => score > 0)
      .toSorted((a, b) => b.score - a.score)
      .slice(0, wanted === '' ? 40 : MOST_ACTIONS)
      .map(({ action }) => action);
  });

  const groups = createMemo<readonly PaletteGroup[]>(() => {
    const byHeading = new Map<string, PaletteEntry[]>();
    const add = (heading: string, entry: PaletteEntry): void => {
      byHeading.set(heading, [...(byHeading.get(heading) ?? []), entry]);
    };
    for (const hit of hits()) add(hit.group, { id: hit.id, label: hit.label, detail: hit.detail, href: hit.href });
    // Local actions are registered last, and are what a person most likely wants.
    const isTyping = text().trim() !== '';
    for (const action of isTyping ? matching() : matching().toReversed()) {
      add(isTyping ? 'Actions' : action.group, {
        id: action.id,
        label: action.name,
        detail: isTyping ? action.group : undefined,
        shortcut: action.shortcut,
        run: action.run,
      });
    }
    return [...byHeading].map(([heading, entries]) => ({ heading, entries }));
  });

  return { groups, isSearching: () => waiting() > 0 };
}
