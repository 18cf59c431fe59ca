import type { Breach, BreachSink, Recovery, WatchedThing } from '#modules/monitoring';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { RaiseAlert } from './raise-alert.ts';
import type { RecoverAlert } from './recover-alert.ts';

/** Turns breaches of monitoring's checks into alerts: one problem is one check on one series of one asset. */
export class CheckAlerts implements BreachSink {
  readonly #raise: RaiseAlert;
  readonly #recover: RecoverAlert;

  constructor(deps: { raise: RaiseAlert; recover: RecoverAlert }) {
    this.#raise = deps.raise;
    this.#recover = deps.recover;
  }

  async breached(tx: AnyTransaction, breach: Breach): Promise<void> {
    const { clientId, assetId, checkId, series, severity, value, threshold, at, message } = breach;
    const about = { clientId, assetId, checkId, series, severity, value, threshold, at, message };
    await this.#raise.run(
      tx.scope,
      { ...about, source: 'monitoring', fingerprint: fingerprintOf(breach), title: breach.checkName },
      tx,
    );
  }

  async recovered(tx: AnyTransaction, recovery: Recovery): Promise<void> {
    const { clientId, at, message } = recovery;
    await this.#recover.run(tx.scope, { clientId, at, message, fingerprint: fingerprintOf(recovery) }, tx);
  }
}

function fingerprintOf(thing: WatchedThing): string {
  return `check ${thing.checkId} ${thing.assetId} ${thing.series}`;
}
