import type { Clock } from '#kernel/clock';
import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { CheckCache } from './check-cache.ts';
import type { EffectiveCheck } from './check-rules.ts';
import type { CheckStateStore } from './check-state-store.ts';
import type { CheckStore } from './check-store.ts';
import { inWords } from './check-words.ts';
import { ensureDefaultChecks } from './default-checks.ts';
import type { BreachSink } from './monitoring-needs.ts';
import type { MonitoringTables } from './monitoring-table.ts';

/** The sweep runs each minute. After a longer pause it was we who were away: machines get their full time again before they count as silent. */
const LONGEST_PAUSE_SECONDS = 180;
/** A series that its machine has not named for so long, while it reports others, is gone: a disk that was unmounted, a removed interface. */
const GONE_AFTER_SECONDS = 1800;

interface Deps {
  readonly db: ScopedDb;
  readonly checks: CheckCache;
  readonly store: CheckStore;
  readonly states: CheckStateStore;
  readonly sink: () => BreachSink;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<MonitoringTables>;
interface Machine {
  readonly client_id: ClientId;
  readonly asset_id: AssetId;
}

/** Finds what no report tells: machines that fell silent, and series that are gone. */
export class SweepChecks {
  readonly #db: ScopedDb<MonitoringTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<MonitoringTables>();
    this.#deps = deps;
  }

  /** Idempotent. Each machine is a transaction of its own. */
  async run(scope: TenantScope): Promise<void> {
    const now = this.#deps.clock.now();
    const listeningSince = await this.#db.transaction(scope, (tx) => this.#noteSweep(tx, now));
    const machines = await this.#db.transaction(scope, (tx) =>
      tx.sql<Machine & { is_silent: boolean }>(CANDIDATES, [
        scope.mspId,
        now.subtract({ seconds: 30 }),
        GONE_AFTER_SECONDS,
      ]),
    );
    for (const machine of machines)
      await this.#db.transaction(scope, async (tx) => {
        if (machine.is_silent) await this.#judgeSilence(tx, machine, listeningSince, now);
        else await this.#dropGoneSeries(tx, machine, now);
      });
  }

  async #noteSweep(tx: Tx, now: Temporal.Instant): Promise<Temporal.Instant> {
    await ensureDefaultChecks(tx, this.#deps.store, now);
    const watch = await tx.query.selectFrom('monitoring_watch').selectAll().forUpdate().executeTakeFirstOrThrow();
    const pause = now.since(watch.last_sweep_at).total('seconds');
    const listeningSince = pause > LONGEST_PAUSE_SECONDS ? now : watch.listening_since;
    await tx.query
      .updateTable('monitoring_watch')
      .set({ last_sweep_at: now, listening_since: listeningSince })
      .execute();
    return listeningSince;
  }

  async #judgeSilence(
    tx: Tx,
    machine: Machine,
    listeningSince: Temporal.Instant,
    now: Temporal.Instant,
  ): Promise<void> {
    const checks = await this.#deps.checks.of(tx, machine.client_id);
    const check = checks.of(machine.asset_id).find(({ kind }) => kind === 'absence');
    if (check === undefined) return;
    // Locked and read again: a report may have come in since the machine was picked.
    const streams = await tx.query
      .selectFrom('metric_stream')
      .select('received_at')
      .where('asset_id', '=', machine.asset_id)
      .where('is_watched', '=', true)
      .forUpdate()
      .execute();
    const heardAt = streams
      .map((stream) => stream.received_at)
      .toSorted((a, b) => Temporal.Instant.compare(a, b))
      .at(-1);
    if (heardAt === undefined) return;
    const since = Temporal.Instant.compare(heardAt, listeningSince) > 0 ? heardAt : listeningSince;
    if (now.since(since).total('seconds') < check.forSeconds) return;
    const states = await this.#deps.states.ofAsset(tx, machine.asset_id);
    if (!states.some((state) => state.check_id === check.id))
      await this.#raiseSilence(tx, machine, check, { heardAt, now });
  }

  async #raiseSilence(
    tx: Tx,
    machine: Machine,
    check: EffectiveCheck,
    { heardAt, now }: { heardAt: Temporal.Instant; now: Temporal.Instant },
  ): Promise<void> {
    await this.#deps.states.put(tx, {
      msp_id: tx.scope.mspId,
      client_id: machine.client_id,
      asset_id: machine.asset_id,
      check_id: check.id,
      series: '',
      phase: 'firing',
      since: heardAt,
      last_at: now,
      last_value: 0,
    });
    await this.#deps.sink().breached(tx, {
      clientId: machine.client_id,
      assetId: machine.asset_id,
      checkId: check.id,
      series: '',
      checkName: check.name,
      severity: check.severity,
      at: now,
      value: now.since(heardAt).total('seconds'),
      threshold: check.forSeconds,
      message: `No report for ${inWords(check.forSeconds)}; the last came at ${heardAt.round('second').toString()}`,
    });
  }

  async #dropGoneSeries(tx: Tx, machine: Machine, now: Temporal.Instant): Promise<void> {
    for (const state of await this.#deps.states.ofAsset(tx, machine.asset_id)) {
      if (state.series === '' || now.since(state.last_at).total('seconds') < GONE_AFTER_SECONDS) continue;
      await this.#deps.states.remove(tx, state);
      if (state.phase !== 'firing') continue;
      const thing = {
        clientId: state.client_id,
        assetId: state.asset_id,
        checkId: state.check_id,
        series: state.series,
      };
      await this.#deps.sink().recovered(tx, { ...thing, at: now, message: `${state.series} is no longer measured` });
    }
  }
}

/** Machines not heard of since $2, and those that are, but have a state that no sample of theirs touched for $3 seconds. */
const CANDIDATES = `
  with machine as (
    select client_id, asset_id, max(received_at) as heard_at, max(last_at) as reached_at
    from metric_stream where msp_id = $1 and is_watched group by client_id, asset_id
  )
  select client_id, asset_id, heard_at < $2 as is_silent from machine m
  where heard_at < $2 or exists (select 1 from monitoring_state s where s.msp_id = $1 and s.asset_id = m.asset_id and s.series <> ''
    and s.last_at < m.reached_at - make_interval(secs => $3))`;
