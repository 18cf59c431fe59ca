import Columns3 from 'lucide-solid/icons/columns-3';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { BulkBar } from './bulk-bar.tsx';
import type { Queue } from './create-queue.ts';
import type { Deviation } from './queue-settings.ts';
import { TicketFilters } from './ticket-filters.tsx';

/** What narrows the queue; with tickets chosen, what can be done with them. */
export function QueueBar(props: {
  queue: Queue;
  state: Deviation & { readonly q: string };
  onState: (change: Partial<Deviation & { readonly q: string }>) => void;
  chosen: ReadonlySet<string>;
  onChoose: (ids: ReadonlySet<string>) => void;
  onColumns: () => void;
}): JSX.Element {
  return (
    <Show
      when={props.chosen.size > 0}
      fallback={
        <TicketFilters
          search={props.state.q}
          onSearch={(q) => props.onState({ q })}
          view={props.queue.view().settings}
          url={props.state}
          onChange={props.onState}
        >
          <IconButton icon={Columns3} label="Columns" onClick={() => props.onColumns()} />
        </TicketFilters>
      }
    >
      <BulkBar
        ids={props.chosen}
        matching={props.queue.matching()}
        hasMore={props.queue.list.hasMore()}
        onDone={() => props.onChoose(new Set<string>())}
      />
    </Show>
  );
}
