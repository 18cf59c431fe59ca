import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { bytesText } from '#web/ui/number/number-text.ts';
import { StateMark } from '#web/ui/status-pill/status-pill.tsx';
import { sourceText, type AssetDetail } from './asset-words.ts';
import { FactList } from './fact-list.tsx';
import { HARDWARE_FIELDS, KEPT_FIELDS, SYSTEM_FIELDS } from './fact-words.ts';
import { VolumeList } from './volume-list.tsx';

const DISKS: Readonly<Record<string, string>> = { ssd: 'SSD', hdd: 'Hard disk', virtual: 'Virtual', unknown: 'Disk' };

/** What the machine is: facts, disks and network, each with source and time. */
export function AssetOverview(props: { asset: AssetDetail }): JSX.Element {
  const report = () => props.asset.reports.inventory ?? latestFact(props.asset);
  return (
    <div class="grid gap-4 p-4 md:grid-cols-2 wide:grid-cols-3">
      <Card title="System" report={report()}>
        <FactList facts={props.asset.facts} fields={SYSTEM_FIELDS} />
      </Card>
      <Card title="Hardware" report={report()}>
        <FactList facts={props.asset.facts} fields={HARDWARE_FIELDS} />
      </Card>
      <Card title="Kept by hand">
        <Show
          when={props.asset.facts.some((fact) => KEPT_FIELDS.includes(fact.field))}
          fallback={
            <p class="text-muted">
              Asset tag, place, warranty and notes are kept here. Edit the asset to fill them in.
            </p>
          }
        >
          <FactList facts={props.asset.facts} fields={KEPT_FIELDS} />
        </Show>
      </Card>
      <Show when={props.asset.filesystems.length > 0}>
        <Card title="File systems" report={report()}>
          <VolumeList volumes={props.asset.filesystems} />
        </Card>
      </Show>
      <Show when={props.asset.disks.length > 0}>
        <Card title="Disks" report={report()}>
          <Rows>
            <For each={props.asset.disks}>
              {(disk) => (
                <li class="flex items-baseline justify-between gap-3">
                  <span class="min-w-0">
                    <span class="font-mono text-[0.9375em]">{disk.name}</span>{' '}
                    <span class="text-muted">
                      {[DISKS[disk.kind], disk.model, disk.serialNumber]
                        .filter((part) => part !== undefined && part !== '')
                        .join(' · ')}
                    </span>
                  </span>
                  <span class="whitespace-nowrap tabular-nums">{bytesText(disk.sizeBytes)}</span>
                </li>
              )}
            </For>
          </Rows>
        </Card>
      </Show>
      <Show when={props.asset.networkInterfaces.length > 0}>
        <Card title="Network" report={report()}>
          <Rows>
            <For each={props.asset.networkInterfaces}>
              {(card) => (
                <li class="flex items-baseline gap-2">
                  <StateMark state={card.isUp ? 'ok' : 'unknown'} label={card.isUp ? 'up' : 'down'} />
                  <div class="min-w-0 flex-1">
                    <div class="flex flex-wrap justify-between gap-x-3">
                      <span class="font-mono text-[0.9375em]">{card.name}</span>
                      <span class="text-muted">
                        {[card.macAddress, card.speedMbit === null ? '' : `${card.speedMbit.toLocaleString()} Mbit/s`]
                          .filter((part) => part !== '')
                          .join(' · ')}
                      </span>
                    </div>
                    <Show when={card.addresses.length > 0}>
                      <div class="font-mono text-[0.9375em] break-all">{card.addresses.join(', ')}</div>
                    </Show>
                  </div>
                </li>
              )}
            </For>
          </Rows>
        </Card>
      </Show>
    </div>
  );
}

function latestFact(asset: AssetDetail): { source: string; reportedAt: string } | undefined {
  const latest = asset.facts
    .filter((fact) => !fact.isLocked)
    .toSorted((a, b) => (a.observedAt < b.observedAt ? 1 : -1))[0];
  return latest === undefined ? undefined : { source: latest.source, reportedAt: latest.observedAt };
}

function Card(props: {
  title: string;
  report?: { source: string; reportedAt: string } | undefined;
  children: JSX.Element;
}): JSX.Element {
  return (
    <section class="rounded-card border border-line bg-surface p-4">
      <h2 class="mb-3 flex items-baseline justify-between gap-3 font-semibold">
        {props.title}
        <Show when={props.report}>
          {(report) => (
            <span class="text-small font-normal text-faint">
              {sourceText(report().source)}, <RelativeTime iso={report().reportedAt} />
            </span>
          )}
        </Show>
      </h2>
      {props.children}
    </section>
  );
}

function Rows(props: { children: JSX.Element }): JSX.Element {
  return <ul class="flex flex-col gap-2">{props.children}</ul>;
}
