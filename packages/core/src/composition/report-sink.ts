import type { DependencyContainer } from 'tsyringe';
import type { ReportSink } from '#modules/endpoints';
import { AppendSamples } from '#modules/monitoring';
import { FinishInstall, RecordUpdates } from '#modules/patching';

/** Where agents' reports go: samples to monitoring, pending updates and the ends of installations to patching. */
export function reportSink(container: DependencyContainer): ReportSink {
  return {
    async metrics(scope, { assetId, clientId }, batches, tx) {
      const append = container.resolve(AppendSamples);
      const refused = [];
      for (const [epoch, ofEpoch] of Map.groupBy(batches, (batch) => batch.epoch)) {
        const reports = ofEpoch.map(({ sequence, at, samples }) => ({ sequence, at, ...samples }));
        refused.push(...(await append.run(scope, { clientId, assetId, epoch, reports }, tx)).refused);
      }
      return refused;
    },
    updates: (scope, { assetId, clientId }, updates, observedAt, tx) =>
      container.resolve(RecordUpdates).run(scope, { assetId, clientId, updates, observedAt }, tx),
    orderEnded: (scope, _origin, order, tx) => container.resolve(FinishInstall).run(scope, order, tx),
  };
}
