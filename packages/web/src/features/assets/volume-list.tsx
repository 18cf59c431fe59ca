import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { bytesText, percentText } from '#web/ui/number/number-text.ts';
import { ProgressBar } from '#web/ui/progress-bar/progress-bar.tsx';
import type { State } from '#web/ui/status-pill/status-pill.tsx';
import type { AssetDetail } from './asset-words.ts';

/** File systems by how full they are. */
export function VolumeList(props: { volumes: AssetDetail['filesystems'] }): JSX.Element {
  return (
    <ul class="flex flex-col gap-2.5">
      <For each={props.volumes.filter((volume) => volume.sizeBytes > 0)}>
        {(volume) => {
          const share = volume.usedBytes / volume.sizeBytes;
          const text = `${bytesText(volume.usedBytes)} of ${bytesText(volume.sizeBytes)}`;
          return (
            <li>
              <div class="mb-1 flex items-baseline justify-between gap-3">
                <span
                  class="truncate-line font-mono text-[0.9375em]"
                  title={`${volume.mount} on ${volume.device}, ${volume.type}${volume.isReadOnly ? ', read-only' : ''}`}
                >
                  {volume.mount}
                </span>
                <span class="whitespace-nowrap text-muted tabular-nums">
                  {text} · {percentText(share, 0)}
                </span>
              </div>
              <ProgressBar share={share} text={`${volume.mount}: ${text}`} state={fullness(share, volume.isReadOnly)} />
            </li>
          );
        }}
      </For>
    </ul>
  );
}

/** An image that is mounted read-only is always full, and means nothing. */
function fullness(share: number, isReadOnly: boolean): State {
  if (isReadOnly) return 'unknown';
  if (share >= 0.95) return 'critical';
  return share >= 0.85 ? 'warning' : 'ok';
}
