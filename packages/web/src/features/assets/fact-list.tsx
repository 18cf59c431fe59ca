import Lock from 'lucide-solid/icons/lock';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { exactTime } from '#web/ui/relative-time/time-text.ts';
import { sourceText, type AssetDetail } from './asset-words.ts';
import { factText, FIELD_WORDS } from './fact-words.ts';

type Fact = AssetDetail['facts'][number];

/** Facts in a given order, each with who says so and when on hover and focus; a person's own word carries a lock. */
export function FactList(props: { facts: readonly Fact[]; fields: readonly string[] }): JSX.Element {
  const known = (): readonly Fact[] =>
    props.fields.flatMap((field) => props.facts.find((fact) => fact.field === field) ?? []);
  return (
    <Show when={known().length > 0} fallback={<p class="text-muted">Nothing is known yet.</p>}>
      <dl class="grid grid-cols-[minmax(7rem,max-content)_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        <For each={known()}>
          {(fact) => (
            <>
              <dt class="text-muted">{FIELD_WORDS[fact.field] ?? fact.field}</dt>
              <dd class="flex min-w-0 items-center gap-1.5 break-words" title={provenance(fact)}>
                <span
                  class={`min-w-0 whitespace-pre-line ${/serial|Address|kernel|hostname|fqdn|assetTag/i.test(fact.field) ? 'font-mono text-[0.9375em]' : ''}`}
                >
                  {factText(fact.field, fact.value)}
                </span>
                <Show when={fact.isLocked}>
                  <Lock size={12} class="shrink-0 text-faint" aria-label={`Locked by ${fact.lockedBy ?? 'a person'}`} />
                </Show>
              </dd>
            </>
          )}
        </For>
      </dl>
    </Show>
  );
}

function provenance(fact: Fact): string {
  const at = exactTime(Temporal.Instant.from(fact.observedAt), Temporal.Now.timeZoneId());
  const own = fact.isLocked
    ? `Typed by ${fact.lockedBy ?? 'a person'}, ${at}; reports do not change it`
    : `${sourceText(fact.source)}, ${at}`;
  const others = fact.others.map((other) => `${sourceText(other.source)}: ${factText(fact.field, other.value)}`);
  return [own, ...others].join('\n');
}
