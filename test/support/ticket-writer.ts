import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Install } from './install.ts';

interface Written {
  readonly subject: string;
  readonly ticketId: string;
  readonly number: number;
}

/** A ticket as the list shows it. */
interface Listed {
  readonly id: string;
  readonly number: number;
  readonly subject: string;
}

/** What was found when all was over. */
export interface Verdict {
  readonly acknowledged: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Subjects that were never acknowledged and are there all the same; allowed once each, for the answer may be lost. */
  readonly unacknowledged: number;
  readonly numbersMissing: readonly number[];
}

/** A key may make 600 requests a minute; this many writers with this pause stay below. */
const WRITERS = 4;
const PAUSE_MS = 450;

/** Opens tickets through the API from several sides at once, each with an idempotency key that is repeated until it is answered, whatever breaks meanwhile. */
export class TicketWriter {
  readonly #install: Install;
  readonly #url: () => string;
  readonly #acknowledged: Written[] = [];
  readonly #loops: Promise<void>[];
  #failures = 0;
  #isStopping = false;

  constructor(install: Install, url: () => string) {
    this.#install = install;
    this.#url = url;
    this.#loops = Array.from({ length: WRITERS }, (_, index) => this.#write(index));
  }

  get acknowledged(): number {
    return this.#acknowledged.length;
  }

  /** How many tries went wrong: a fault that nobody noticed proves nothing. */
  get failures(): number {
    return this.#failures;
  }

  /** Waits until so many more tickets are acknowledged. */
  async more(count: number, withinMs = 30_000): Promise<void> {
    const wanted = this.acknowledged + count;
    const until = performance.now() + withinMs;
    while (this.acknowledged < wanted) {
      if (performance.now() > until)
        throw new Error(`Only ${count - (wanted - this.acknowledged)} of ${count} more tickets were acknowledged.`);
      await sleep(20);
    }
  }

  /** Lets each writer finish the ticket that it is at, then counts what the server has. */
  async finish(): Promise<Verdict> {
    this.#isStopping = true;
    await Promise.all(this.#loops);
    const listed = await this.#all();
    const bySubject = Map.groupBy(listed, ({ subject }) => subject);
    const isThere = ({ subject, ticketId, number }: Written): boolean =>
      bySubject.get(subject)?.some((ticket) => ticket.id === ticketId && ticket.number === number) ?? false;
    const known = new Set(this.#acknowledged.map(({ subject }) => subject));
    const numbers = new Set(listed.map(({ number }) => number));
    const first = Math.min(...numbers);
    const last = Math.max(...numbers);
    return {
      acknowledged: this.acknowledged,
      lost: this.#acknowledged.filter((written) => !isThere(written)).map(({ subject }) => subject),
      doubled: [...bySubject].flatMap(([subject, tickets]) => (tickets.length > 1 ? [subject] : [])),
      unacknowledged: listed.filter(({ subject }) => !known.has(subject)).length,
      numbersMissing: Array.from({ length: last - first + 1 }, (_, index) => first + index).filter(
        (number) => !numbers.has(number),
      ),
    };
  }

  async #write(writer: number): Promise<void> {
    for (let count = 1; !this.#isStopping; count += 1) {
      await this.#create(`Ticket ${count} of writer ${writer}`, randomUUID());
      await sleep(PAUSE_MS);
    }
  }

  async #create(subject: string, key: string): Promise<void> {
    for (;;) {
      const answer = await this.#try(subject, key);
      if (answer !== null) {
        this.#acknowledged.push({ subject, ...answer });
        return;
      }
      this.#failures += 1;
      await sleep(150);
    }
  }

  /** Null where the same request may and must be sent again. A refusal is a fault of the test. */
  async #try(subject: string, key: string): Promise<Pick<Written, 'ticketId' | 'number'> | null> {
    const response = await fetch(`${this.#url()}/api/v1/tickets`, {
      method: 'POST',
      headers: this.#headers({ 'content-type': 'application/json', 'idempotency-key': key }),
      body: JSON.stringify({ clientId: this.#install.clientId, subject }),
      signal: AbortSignal.timeout(15_000),
    }).catch(() => null);
    if (response === null || response.status >= 500 || response.status === 429) return null;
    const text = await response.text().catch(() => null);
    if (text === null) return null;
    if (!response.ok) throw new Error(`A ticket was refused with ${response.status}: ${text}`);
    return JSON.parse(text) as Pick<Written, 'ticketId' | 'number'>;
  }

  async #all(): Promise<Listed[]> {
    const listed: Listed[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const query = new URLSearchParams({ limit: '100', ...(cursor === undefined ? {} : { cursor }) });
      const response = await fetch(`${this.#url()}/api/v1/tickets?${query.toString()}`, { headers: this.#headers() });
      if (response.status === 429) {
        await sleep(1000);
        continue;
      }
      if (!response.ok) throw new Error(`The list was refused with ${response.status}: ${await response.text()}`);
      const page = (await response.json()) as { items: Listed[]; nextCursor: string | null };
      listed.push(...page.items);
      cursor = page.nextCursor;
    }
    return listed;
  }

  #headers(more: Record<string, string> = {}): Record<string, string> {
    return { authorization: `Bearer ${this.#install.apiKey}`, ...more };
  }
}

/** What every verdict must be, with a count that shows that something was written. */
export const NOTHING_LOST = { lost: [], doubled: [], numbersMissing: [] } as const;
