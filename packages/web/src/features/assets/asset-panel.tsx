import { A } from '@solidjs/router';
import Maximize2 from 'lucide-solid/icons/maximize-2';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { buttonClass } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { AssetState } from './asset-state.tsx';
import { FactList } from './fact-list.tsx';
import { HARDWARE_FIELDS, SYSTEM_FIELDS } from './fact-words.ts';
import { KINDS } from './asset-words.ts';
import { VolumeList } from './volume-list.tsx';

/** An asset beside its list: the little that most questions need. */
export function AssetPanel(props: { assetId: string; onClose: () => void }): JSX.Element {
  const scoped = useScopedHref();
  const asset = createRecordQuery({
    key: () => ['asset', 'one', props.assetId],
    fetch: (signal) => api.assets.getAsset.query({ assetId: props.assetId as never }, { signal }),
  });
  return (
    <SidePanel
      label={`Asset ${asset.value()?.name ?? ''}`}
      onClose={props.onClose}
      head={
        <>
          <span class="truncate-line">
            {asset.value() === undefined ? 'Asset' : KINDS[asset.value()?.kind ?? 'other']}
          </span>
          <A
            class={`${buttonClass({ kind: 'quiet', size: 'small' })} ml-auto`}
            href={scoped(`/assets/${props.assetId}`)}
          >
            <Maximize2 size={13} /> Open
          </A>
        </>
      }
    >
      <Show when={asset.problem()}>
        {(problem) => <ErrorState title="The asset could not be loaded" problem={problem()} onRetry={asset.retry} />}
      </Show>
      <Show
        when={asset.value()}
        fallback={
          <Show when={asset.problem() === undefined}>
            <PanelSection>
              <SkeletonText lines={5} />
            </PanelSection>
          </Show>
        }
      >
        {(value) => (
          <>
            <PanelSection>
              <h2 class="text-title font-semibold tracking-tight break-words">{value().name}</h2>
              <div class="mt-2">
                <AssetState asset={value()} />
              </div>
            </PanelSection>
            <PanelSection>
              <FactList facts={value().facts} fields={SYSTEM_FIELDS} />
            </PanelSection>
            <PanelSection>
              <FactList facts={value().facts} fields={HARDWARE_FIELDS} />
            </PanelSection>
            <Show when={value().filesystems.length > 0}>
              <PanelSection>
                <VolumeList volumes={value().filesystems} />
              </PanelSection>
            </Show>
          </>
        )}
      </Show>
    </SidePanel>
  );
}
