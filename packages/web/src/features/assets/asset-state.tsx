import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { Badge, StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { presenceOf, type Asset } from './asset-words.ts';
import { ClientName } from './client-name.tsx';

/** How an asset stands: its state, when it was heard of, whose it is. */
export function AssetState(props: { asset: Asset }): JSX.Element {
  return (
    <div class="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <StatusPill state={presenceOf(props.asset).state} hasMark>
        {presenceOf(props.asset).word}
      </StatusPill>
      <ClientName id={props.asset.clientId} />
      <Show when={props.asset.lastSeenAt}>
        {(at) => (
          <span class="text-muted">
            last seen <RelativeTime iso={at()} />
          </span>
        )}
      </Show>
      <Show when={!props.asset.isManaged}>
        <Badge>not managed</Badge>
      </Show>
    </div>
  );
}
