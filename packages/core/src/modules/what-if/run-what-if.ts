import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, idSchema, newId } from '#kernel/id';
import { dateSchema, timeZoneSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ReplayTickets } from '#modules/sla';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import { defineJob, type JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { addVerdicts, countTickets, lockRun, MEASURES, nextTickets, type WhatIfId } from './what-if-store.ts';

export const startWhatIfInput = z
  .object({
    policyId: idSchema('sla-policy'),
    from: dateSchema,
    to: dateSchema,
    zone: timeZoneSchema,
    clientId: clientIdSchema.optional(),
  })
  .refine(({ from, to }) => from <= to, { path: ['to'], error: 'must not be before from' });

/** Judges the next tickets of a run. */
export const judgeTickets = defineJob({
  name: 'what-if.judge-tickets',
  payload: z.object({
    whatIfId: idSchema('what-if'),
    after: z.object({ at: z.iso.datetime(), id: idSchema('ticket') }).nullable(),
  }),
  isAwaited: true,
});

const MAX_TICKETS = 100_000;
const BATCH = 500;

interface Deps {
  readonly db: ScopedDb;
  readonly replay: ReplayTickets;
  readonly clients: ClientQueries;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Runs past tickets under another policy. Nothing about the tickets changes; the result is kept. */
export class RunWhatIf {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Begins one over the tickets that were opened in these days. Throws `sla.policy-not-found`, `what-if.no-tickets`, `what-if.too-many-tickets`, `tenancy.client-not-found`. */
  async start(scope: TenantScope, input: z.output<typeof startWhatIfInput>): Promise<{ whatIfId: WhatIfId }> {
    const { db, replay, clients, audit, jobs, clock } = this.#deps;
    if (input.clientId !== undefined) await clients.get(scope, input.clientId);
    const startOf = (day: Temporal.PlainDate) => day.toZonedDateTime(input.zone).toInstant();
    const from = startOf(Temporal.PlainDate.from(input.from));
    const until = startOf(Temporal.PlainDate.from(input.to).add({ days: 1 }));
    return db.transaction(scope, async (tx) => {
      const policy = await replay.versionOf(tx.scope, input.policyId);
      if (policy === null)
        throw new NotFoundError('sla.policy-not-found', 'There is no such SLA policy.', {
          fields: [{ path: ['policyId'], message: 'is no policy of yours' }],
        });
      const clientId = input.clientId ?? null;
      const tickets = await countTickets(tx, { from, until, clientId }, MAX_TICKETS + 1);
      if (tickets === 0) throw new ConflictError('what-if.no-tickets', 'No ticket was opened in these days.');
      if (tickets > MAX_TICKETS)
        throw new InvalidInputError(
          'what-if.too-many-tickets',
          `More than ${MAX_TICKETS.toLocaleString('en')} tickets were opened in these days. Take fewer days, or one client.`,
          { fields: [{ path: ['to'], message: 'gives too many tickets' }] },
        );
      const whatIfId: WhatIfId = newId();
      await tx.sql(
        `insert into what_if (msp_id, id, client_id, policy_id, policy_version_id, policy_name, opened_from, opened_until, as_of, state, tickets, made_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'running', $10, $11, $9)`,
        [
          tx.scope.mspId,
          whatIfId,
          clientId,
          input.policyId,
          policy.versionId,
          policy.name,
          from,
          until,
          clock.now(),
          tickets,
          scope.actor.label,
        ],
      );
      await audit.record(tx, {
        action: 'what-if.start',
        subject: { kind: 'what-if', id: whatIfId, clientId },
        summary: `Ran ${tickets} tickets under the policy ${policy.name}, to see`,
        after: input,
      });
      await jobs.send(tx, judgeTickets, { whatIfId, after: null });
      return { whatIfId };
    });
  }

  /** Does `what-if.judge-tickets`: a batch and the order for the next commit together, so that none is counted twice. */
  async judge(scope: TenantScope, { whatIfId, after }: z.output<typeof judgeTickets.payload>): Promise<void> {
    const { db, replay, jobs, live, clock } = this.#deps;
    await db.transaction(scope, async (tx) => {
      const run = await lockRun(tx, whatIfId);
      if (run?.state !== 'running') return;
      const tickets = await nextTickets(tx, run, after, BATCH);
      const judged = await replay.run(
        tx.scope,
        tickets.map(({ id }) => id),
        run.policy_version_id,
        run.as_of,
      );
      const verdicts = tickets.flatMap((ticket) => {
        const both = judged.get(ticket.id);
        return both === undefined
          ? []
          : MEASURES.map((measure) => ({
              ticket,
              measure,
              before: both.before[measure].verdict,
              after: both.after[measure].verdict,
            }));
      });
      if (tickets.length > 0) await addVerdicts(tx, whatIfId, tickets, verdicts);
      const last = tickets.length === BATCH ? tickets.at(-1) : undefined;
      await tx.sql(
        `update what_if set judged = judged + $3, state = case when $4 then 'done' else state end, finished_at = case when $4 then $5::timestamptz end
         where msp_id = $1 and id = $2`,
        [tx.scope.mspId, whatIfId, tickets.length, last === undefined, clock.now()],
      );
      if (last !== undefined)
        await jobs.send(tx, judgeTickets, { whatIfId, after: { at: last.opened_at.toString(), id: last.id } });
      live.touch(tx, { clientId: run.client_id, topic: 'what-if', id: whatIfId, version: 1 });
    });
  }
}
