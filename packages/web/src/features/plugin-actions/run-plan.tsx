import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { changeInWords, DISRUPTIONS, EFFECTS, policyInWords, type RunDetail } from './action-words.ts';

const SHOWN = 10;

/** What an action would do, in words: the changes, whom it reaches, whether it can be taken back, and what the policy says. */
export function RunPlan(props: { run: RunDetail }): JSX.Element {
  const plan = () => props.run.plan;
  return (
    <div class="flex flex-col gap-3">
      <p class="text-large font-medium break-words">{plan().summary}</p>
      <Show when={plan().changes.length > 0}>
        <ul aria-label="Changes" class="flex flex-col gap-1 rounded-control border border-line bg-surface p-3">
          <For each={plan().changes}>{(change) => <li class="break-words">{changeInWords(change)}</li>}</For>
        </ul>
      </Show>
      <div class="flex flex-wrap gap-2">
        <StatusPill state="neutral">{EFFECTS[props.run.effect]}</StatusPill>
        <StatusPill state={DISRUPTIONS[plan().disruption].state} hasMark>
          {DISRUPTIONS[plan().disruption].word}
        </StatusPill>
        <StatusPill state={plan().isReversible ? 'ok' : 'warning'} hasMark>
          {plan().isReversible ? 'Can be taken back' : 'Cannot be taken back'}
        </StatusPill>
      </div>
      <Affected run={props.run} />
      <p class="break-words text-muted">{policyInWords(props.run)}</p>
    </div>
  );
}

function Affected(props: { run: RunDetail }): JSX.Element {
  const affected = () => props.run.plan.affected;
  return (
    <div>
      <p class="break-words">
        <span class="font-medium">Reaches</span> {props.run.blast.inWords}
      </p>
      <Show when={affected().length > 1}>
        <p class="break-words text-muted">
          {affected()
            .slice(0, SHOWN)
            .map(({ id }) => id)
            .join(', ')}
          {affected().length > SHOWN ? ` and ${affected().length - SHOWN} more` : ''}
        </p>
      </Show>
      <Show when={props.run.blast.unknown > 0}>
        <p class="text-warning-text">
          Some of it is not known here. It counts as reached, for nobody can say what it is.
        </p>
      </Show>
    </div>
  );
}
