import { CHANGING_ORDERS, fitText, ProtocolError, verifyOrder } from '@bailiwick/agent-protocol';
import type { OrderResult, VerifiedOrder } from '@bailiwick/agent-protocol';
import { z } from 'zod';
import type { AgentClock } from './clock.ts';
import { installUpdates } from './install-updates.ts';
import type { OrderContext, OrderEnd } from './order-context.ts';
import type { OrderJournal } from './order-journal.ts';
import { OutputCollector } from './order-output.ts';
import { endLeftover } from './run-process.ts';
import { runScript } from './run-script.ts';
import type { Spool } from './spool.ts';
import type { AgentIdentity, StateFolder } from './state-folder.ts';

interface OrderRunnerParts {
  readonly state: StateFolder;
  readonly journal: OrderJournal;
  readonly spool: Spool;
  /** The machine's own clock: an order's expiry is never judged by a time that came over the wire. */
  readonly clock: AgentClock;
  /** The clock that reports are stamped by, put right by the server's. */
  readonly reportClock: AgentClock;
  readonly signal: AbortSignal;
  /** Looks at the machine again, now. */
  readonly refresh: () => Promise<void>;
}

const idSchema = z.object({ envelope: z.object({ id: z.uuid() }) });

/** Takes orders as they come from the wire, refuses what must not run and says so, and runs the others one after the other. */
export class OrderRunner {
  readonly #parts: OrderRunnerParts;
  #identity: AgentIdentity;
  #queue: Promise<void> = Promise.resolve();

  constructor(parts: OrderRunnerParts, identity: AgentIdentity) {
    this.#parts = parts;
    this.#identity = identity;
  }

  get identity(): AgentIdentity {
    return this.#identity;
  }

  /** Settles when everything accepted so far has ended. */
  get idle(): Promise<void> {
    return this.#queue;
  }

  /** Reports what an earlier run of the agent left unfinished, and ends its processes. */
  recover(): void {
    const { journal } = this.#parts;
    for (const order of journal.unfinished()) {
      if (order.process !== undefined) endLeftover(order.process);
      this.#say({
        orderId: order.id,
        at: this.#now(),
        state: 'interrupted',
        message: 'The agent ended while the order ran. How far it came is not known.',
      });
      journal.end(order.id);
    }
  }

  async take(received: unknown): Promise<void> {
    const { journal, clock } = this.#parts;
    let order: VerifiedOrder;
    try {
      order = await verifyOrder(this.#identity, received, clock.now().epochMilliseconds);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#refuse(idSchema.safeParse(received).data?.envelope.id, error.code, error.message);
      return;
    }
    const { id, expiresAt } = order.envelope;
    if (journal.has(id)) {
      this.#refuse(id, 'agent.order-replayed', 'This order was used before.');
      return;
    }
    // Refused orders are used up too: allowing orders later must not bring an old one to life.
    journal.begin(id, expiresAt);
    const objection = this.#objection(order);
    if (objection !== undefined) {
      this.#refuse(id, 'agent.observe-only', objection);
      journal.end(id);
      return;
    }
    this.#say({ orderId: id, at: this.#now(), state: 'accepted' });
    this.#queue = this.#queue.then(() => this.#run(order));
  }

  #objection(order: VerifiedOrder): string | undefined {
    const { orderPolicy } = this.#identity;
    if (CHANGING_ORDERS.has(order.kind) && orderPolicy !== 'allow')
      return `This machine only observes (${orderPolicy}); it runs no orders that change it.`;
    if (order.kind === 'set-order-policy' && orderPolicy === 'locked')
      return 'Orders are locked on this machine; only a person on it can change that.';
    return undefined;
  }

  async #run(order: VerifiedOrder): Promise<void> {
    const { state, spool, journal, reportClock, signal } = this.#parts;
    const { id } = order.envelope;
    if (signal.aborted) return;
    const startedAt = this.#now();
    this.#say({ orderId: id, at: startedAt, state: 'running' });
    const output = new OutputCollector(id, (chunk) => spool.append('order-output', reportClock.now(), chunk));
    const context: OrderContext = {
      orderId: id,
      folder: state.file('work', id),
      output,
      signal,
      onStart: (pid, processStartedAt) => journal.started(id, pid, processStartedAt),
    };
    let end: OrderEnd;
    try {
      end = await this.#carryOut(order, context);
    } catch (error) {
      end = { state: 'failed', exitCode: null, message: error instanceof Error ? error.message : String(error) };
    }
    if (signal.aborted && end.state !== 'succeeded') {
      this.#say({
        orderId: id,
        at: this.#now(),
        state: 'interrupted',
        message: 'The agent was stopped while the order ran.',
      });
    } else this.#say(resultOf(id, startedAt, this.#now(), output, end));
    journal.end(id);
  }

  async #carryOut(order: VerifiedOrder, context: OrderContext): Promise<OrderEnd> {
    switch (order.kind) {
      case 'script':
        return runScript(order.payload, context);
      case 'install-updates': {
        const end = await installUpdates(order.payload, context);
        await this.#parts.refresh();
        return end;
      }
      case 'refresh-inventory':
        await this.#parts.refresh();
        return { state: 'succeeded', exitCode: null };
      case 'succeed-order-key':
      case 'rebind-asset':
      case 'set-order-policy':
        this.#identity = { ...this.#identity, ...order.payload };
        this.#parts.state.saveIdentity(this.#identity);
        return { state: 'succeeded', exitCode: null };
    }
  }

  #refuse(orderId: string | undefined, code: string, message: string): void {
    // Without a readable id there is nobody to tell: the server would not know what it is about.
    if (orderId !== undefined)
      this.#say({ orderId, at: this.#now(), state: 'refused', code, message: fitText(message, 2_000) });
  }

  #say(result: OrderResult): void {
    this.#parts.spool.append('order-result', this.#parts.reportClock.now(), result);
  }

  #now(): string {
    return this.#parts.reportClock.now().toString();
  }
}

function resultOf(orderId: string, startedAt: string, at: string, output: OutputCollector, end: OrderEnd): OrderResult {
  const common = {
    orderId,
    at,
    startedAt,
    exitCode: end.exitCode,
    outputBytes: output.outputBytes,
    isOutputTruncated: output.isOutputTruncated,
  };
  const packages = 'packages' in end && end.packages !== undefined ? { packages: end.packages } : {};
  if (end.state === 'succeeded') return { ...common, state: 'succeeded', ...packages };
  const signal = end.signal === undefined || end.signal === null ? {} : { signal: end.signal };
  if (end.state === 'timed-out') return { ...common, ...signal, state: 'timed-out' };
  return { ...common, ...signal, state: 'failed', message: fitText(end.message, 2_000), ...packages };
}
