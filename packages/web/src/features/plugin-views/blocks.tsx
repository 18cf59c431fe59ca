import { A } from '@solidjs/router';
import { For, Index, Match, Show, Switch, createContext, useContext } from 'solid-js';
import type { JSX } from 'solid-js';
import type { Block } from '@bailiwick/sdk';
import { ActionButton } from '#web/features/plugin-actions/action-buttons.tsx';
import type { ActionInput } from '#web/features/plugin-actions/action-input.ts';
import type { ChartSeries } from '#web/ui/chart/chart-props.ts';
import { Chart } from '#web/ui/chart/chart.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StateMark } from '#web/ui/status-pill/status-pill.tsx';
import { Timeline } from '#web/ui/timeline/timeline.tsx';
import { BlockForm } from './block-form.tsx';
import { BlockTable } from './block-table.tsx';
import { chartColumns } from './chart-columns.ts';
import type { ViewParams } from './draw-view.ts';
import { hrefOf, toneState, type BlockOf, type PlacedView, type ViewLink } from './view-words.ts';

/** What blocks need of the view that they are in. */
interface BlockPlace {
  readonly view: PlacedView;
  readonly links: () => readonly ViewLink[];
  readonly params: () => ViewParams;
  readonly isDrawing: () => boolean;
  readonly onParams: (params: ViewParams) => void;
}

const PlaceContext = createContext<BlockPlace>();

function usePlace(): BlockPlace {
  const place = useContext(PlaceContext);
  if (place === undefined) throw new Error('Blocks are drawn inside of a view.');
  return place;
}

/** The blocks of a view, each with a component of ours. Texts stay texts. */
export function Blocks(props: { blocks: readonly Block[]; place: BlockPlace }): JSX.Element {
  return (
    <PlaceContext.Provider value={props.place}>
      <div class="flex flex-wrap items-start gap-x-3 gap-y-5">
        {/* By place, so that a form that asked for this drawing keeps its focus in the next. */}
        <Index each={props.blocks}>{(block) => <OneBlock block={block()} />}</Index>
      </div>
    </PlaceContext.Provider>
  );
}

function OneBlock(props: { block: Block }): JSX.Element {
  const as = <Kind extends Block['kind']>(kind: Kind): BlockOf<Kind> | undefined =>
    props.block.kind === kind ? (props.block as BlockOf<Kind>) : undefined;
  return (
    <Switch>
      <Match when={as('heading')}>
        {(block) => <h3 class="w-full text-title font-semibold break-words">{block().text}</h3>}
      </Match>
      <Match when={as('text')}>{(block) => <TextBlock block={block()} />}</Match>
      <Match when={as('stats')}>{(block) => <StatsBlock block={block()} />}</Match>
      <Match when={as('table')}>
        {(block) => (
          <div class="w-full min-w-0">
            <BlockTable
              block={block()}
              link={(entity, id, text) => <RecordLink entity={entity} id={id} text={text} />}
            />
          </div>
        )}
      </Match>
      <Match when={as('timeline')}>{(block) => <TimelineBlock block={block()} />}</Match>
      <Match when={as('chart')}>{(block) => <ChartBlock block={block()} />}</Match>
      <Match when={as('entity-link')}>
        {(block) => (
          <span class="inline-flex min-h-(--control) items-center">
            <RecordLink entity={block().entity} id={block().id} text={block().text} />
          </span>
        )}
      </Match>
      <Match when={as('action-button')}>{(block) => <ButtonBlock block={block()} />}</Match>
      <Match when={as('form')}>{(block) => <FormBlock block={block()} />}</Match>
    </Switch>
  );
}

function TextBlock(props: { block: BlockOf<'text'> }): JSX.Element {
  const GROUNDS = {
    ok: 'bg-ok-soft text-ok-text',
    warning: 'bg-warning-soft text-warning-text',
    critical: 'bg-critical-soft text-critical-text',
  } as const;
  const ground = () => {
    const state = toneState(props.block.tone);
    return state === 'ok' || state === 'warning' || state === 'critical' ? state : undefined;
  };
  return (
    <Show when={ground()} fallback={<p class="w-full max-w-180 break-words whitespace-pre-line">{props.block.text}</p>}>
      {(state) => (
        <p
          class={`flex w-full items-baseline gap-2 rounded-control px-3 py-2 break-words whitespace-pre-line ${GROUNDS[state()]}`}
        >
          <StateMark state={state()} label={props.block.tone} />
          <span class="min-w-0">{props.block.text}</span>
        </p>
      )}
    </Show>
  );
}

function StatsBlock(props: { block: BlockOf<'stats'> }): JSX.Element {
  return (
    <dl class="grid w-full grid-cols-[repeat(auto-fill,minmax(10rem,1fr))] gap-3">
      <For each={props.block.items}>
        {(item) => (
          <div class="min-w-0 rounded-card border border-line bg-surface px-3 py-2.5">
            <dt class="truncate-line text-muted" title={item.label}>
              {item.label}
            </dt>
            <dd class="flex items-center gap-2 text-display font-semibold tracking-tight tabular-nums">
              <Show when={item.tone !== undefined && item.tone !== 'neutral'}>
                <StateMark state={toneState(item.tone)} label={item.tone} />
              </Show>
              <span class="min-w-0 break-words">{item.value}</span>
            </dd>
            <Show when={item.hint}>{(hint) => <dd class="text-small text-muted">{hint()}</dd>}</Show>
          </div>
        )}
      </For>
    </dl>
  );
}

function TimelineBlock(props: { block: BlockOf<'timeline'> }): JSX.Element {
  return (
    <section class="w-full">
      <Show when={props.block.title}>{(title) => <h4 class="pb-2 font-medium">{title()}</h4>}</Show>
      <Show when={props.block.items.length > 0} fallback={<p class="text-muted">Nothing yet.</p>}>
        <Timeline
          label={props.block.title ?? 'What happened'}
          entries={props.block.items}
          mark={(item) => (
            <StateMark state={toneState(item.tone)} label={item.tone === 'neutral' ? undefined : item.tone} />
          )}
        >
          {(item) => (
            <p class="break-words">
              {item.text} <RelativeTime iso={item.at} class="text-muted" />
            </p>
          )}
        </Timeline>
      </Show>
    </section>
  );
}

function ChartBlock(props: { block: BlockOf<'chart'> }): JSX.Element {
  const columns = () => chartColumns(props.block.series);
  return (
    <section class="w-full min-w-0">
      <h4 class="pb-1 font-medium break-words">{props.block.title}</h4>
      <Show when={columns().times.length > 0} fallback={<p class="text-muted">Nothing measured.</p>}>
        <Chart
          label={props.block.title}
          unit={props.block.unit ?? ''}
          times={columns().times}
          series={props.block.series.map(({ label }, index) => ({
            label,
            color: ((index % 8) + 1) as ChartSeries['color'],
            values: columns().values[index] ?? [],
          }))}
        />
      </Show>
    </section>
  );
}

/** A link where the record is here; its words alone where it is not. */
function RecordLink(props: { entity: string; id: string; text: string }): JSX.Element {
  const place = usePlace();
  const link = () => place.links().find(({ entity, id }) => entity === props.entity && id === props.id);
  return (
    <Show when={link()} fallback={<span title="This is not among the records that were read">{props.text}</span>}>
      {(found) => (
        <A class="text-accent-text" href={hrefOf(found())}>
          {props.text}
        </A>
      )}
    </Show>
  );
}

function ButtonBlock(props: { block: BlockOf<'action-button'> }): JSX.Element {
  const { view } = usePlace();
  return (
    <ActionButton
      connectionId={view.connectionId}
      scopeId={view.scopeId ?? undefined}
      action={props.block.action}
      label={props.block.label}
      input={(props.block.input ?? {}) as ActionInput}
    />
  );
}

function FormBlock(props: { block: BlockOf<'form'> }): JSX.Element {
  const place = usePlace();
  return (
    <BlockForm
      block={props.block}
      params={place.params()}
      isBusy={place.isDrawing()}
      onSubmit={(params) => place.onParams(params)}
    />
  );
}
