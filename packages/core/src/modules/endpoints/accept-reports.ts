import {
  entryHeadSchema,
  LIMITS,
  reportEntrySchema,
  type EntryOf,
  type ReportAnswer,
  type ReportEntry,
  type StreamName,
} from '@bailiwick/agent-protocol';
import type { Clock } from '#kernel/clock';
import { DomainError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import {
  machineInventorySchema,
  machineServicesSchema,
  machineSoftwareSchema,
  type MarkSeen,
  type RecordInventory,
  type RecordServices,
  type RecordSoftware,
} from '#modules/assets';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { z } from 'zod';
import type { AgentRequest, AgentSession } from './agent-session.ts';
import type { AgentRow, AgentStore } from './agent-store.ts';
import type { ReportOrigin, ReportSink } from './endpoint-needs.ts';
import type { AgentId, EndpointTables } from './endpoint-table.ts';
import { REPORT_INTERVAL_SECONDS } from './enrol-agent.ts';
import type { OrderReports } from './order-reports.ts';
import type { OrderStore } from './order-store.ts';

type Tx = ScopedTransaction<EndpointTables>;
type Refusal = ReportAnswer['refused'][number];

interface Deps {
  readonly session: AgentSession;
  readonly agents: AgentStore;
  readonly orders: OrderStore;
  readonly orderReports: OrderReports;
  readonly inventory: RecordInventory;
  readonly software: RecordSoftware;
  readonly services: RecordServices;
  readonly seen: MarkSeen;
  readonly sink: () => ReportSink;
  readonly clock: Clock;
}

interface Batch {
  readonly fresh: ReportEntry[];
  readonly refused: Refusal[];
  readonly marks: Map<string, { stream: StreamName; epoch: string; sequence: number }>;
}

/** Stores an agent's reports and acknowledges them after commit. What was stored before is skipped; what can never be stored is refused, and does not stop the rest. */
export class AcceptReports {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async run(
    scope: TenantScope,
    agentId: AgentId,
    request: AgentRequest,
    readEntries: () => readonly unknown[],
  ): Promise<ReportAnswer> {
    const { session, agents, orders, seen, clock } = this.#deps;
    return session.run(scope, agentId, request, async (tx, agent) => {
      const stored = await agents.marks(tx, agent.id);
      const batch = this.#sort(readEntries(), new Map(stored.map((mark) => [keyOf(mark), mark.sequence])));
      await this.#store(tx, agent, batch);
      await agents.keepMarks(tx, agent, batch.marks, clock.now());
      await seen.run(scope, agent.asset_id, tx);
      return {
        marks: [...batch.marks.values()],
        refused: batch.refused,
        reportIntervalSeconds: REPORT_INTERVAL_SECONDS,
        hasOrders: await orders.hasWaiting(tx, agent),
      };
    });
  }

  /** Parts new entries from those stored before, and readable ones from those that never will be. */
  #sort(entries: readonly unknown[], stored: ReadonlyMap<string, number>): Batch {
    const batch: Batch = { fresh: [], refused: [], marks: new Map() };
    const oldest = this.#deps.clock.now().subtract({ seconds: LIMITS.reportAgeSeconds });
    for (const entry of entries) {
      const head = entryHeadSchema.parse(entry);
      const key = keyOf(head);
      const mark = Math.max(stored.get(key) ?? 0, batch.marks.get(key)?.sequence ?? 0);
      batch.marks.set(key, { stream: head.stream, epoch: head.epoch, sequence: Math.max(mark, head.sequence) });
      if (head.sequence <= mark) continue;
      const parsed = reportEntrySchema.safeParse(entry);
      const refuse = (code: string, message: string): number =>
        batch.refused.push({ stream: head.stream, sequence: head.sequence, code, message: message.slice(0, 2000) });
      if (!parsed.success) refuse('agent.entry-invalid', describe(parsed.error));
      else if (Temporal.Instant.compare(head.at, oldest) < 0)
        refuse('agent.entry-too-old', `at: is older than ${LIMITS.reportAgeSeconds} seconds`);
      else if (Temporal.Instant.compare(head.at, this.#deps.clock.now().add({ seconds: LIMITS.clockSkewSeconds })) > 0)
        refuse('agent.entry-from-future', 'at: lies in the future');
      else batch.fresh.push(parsed.data);
    }
    return batch;
  }

  async #store(tx: Tx, agent: AgentRow, batch: Batch): Promise<void> {
    const origin: ReportOrigin = { agentId: agent.id, assetId: agent.asset_id, clientId: agent.client_id };
    const metrics = batch.fresh.filter((entry): entry is EntryOf<'metrics'> => entry.stream === 'metrics');
    if (metrics.length > 0) {
      const batches = metrics.map((entry) => ({
        epoch: entry.epoch,
        sequence: entry.sequence,
        at: Temporal.Instant.from(entry.at),
        samples: entry.data,
      }));
      const refused = await this.#deps.sink().metrics(tx.scope, origin, batches, tx);
      batch.refused.push(...refused.map((refusal) => ({ stream: 'metrics' as const, ...refusal })));
    }
    for (const entry of batch.fresh) {
      if (entry.stream === 'metrics') continue;
      // A refusal inside must not take the other entries' rows with it.
      await tx.sql('savepoint report_entry');
      try {
        await this.#storeOne(tx, agent, origin, entry);
        await tx.sql('release savepoint report_entry');
      } catch (error) {
        if (!(error instanceof DomainError || error instanceof z.ZodError)) throw error;
        await tx.sql('rollback to savepoint report_entry');
        batch.refused.push({
          stream: entry.stream,
          sequence: entry.sequence,
          code: error instanceof DomainError ? error.code : 'agent.entry-invalid',
          message: (error instanceof z.ZodError ? describe(error) : error.message).slice(0, 2000),
        });
      }
    }
  }

  async #storeOne(
    tx: Tx,
    agent: AgentRow,
    origin: ReportOrigin,
    entry: Exclude<ReportEntry, { stream: 'metrics' }>,
  ): Promise<void> {
    const { inventory, software, services, sink, orderReports } = this.#deps;
    const at = Temporal.Instant.from(entry.at);
    const about = { source: 'agent', assetId: agent.asset_id, observedAt: at };
    switch (entry.stream) {
      case 'inventory':
        await inventory.run(tx.scope, { ...about, inventory: machineInventorySchema.parse(entry.data) }, tx);
        return;
      case 'software':
        await software.run(tx.scope, { ...about, software: machineSoftwareSchema.parse(entry.data) }, tx);
        return;
      case 'services':
        await services.run(tx.scope, { ...about, services: machineServicesSchema.parse(entry.data) }, tx);
        return;
      case 'updates':
        await sink().updates(tx.scope, origin, entry.data, at, tx);
        return;
      case 'order-output':
        await orderReports.output(tx, agent, entry.data);
        return;
      case 'order-result':
        await orderReports.result(tx, agent, origin, entry.data);
    }
  }
}

function keyOf(mark: { stream: string; epoch: string }): string {
  return `${mark.stream} ${mark.epoch}`;
}

function describe(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`;
}
