import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AGENT_PATHS,
  entryHeadSchema,
  enrolRequestSchema,
  generateSigningKey,
  helloRequestSchema,
  judgeReplay,
  ProtocolError,
  readSignatureClaim,
  reportEntrySchema,
  reportRequestSchema,
  signOrder,
  startRun,
  verifyEnrolment,
  verifyRequest,
  type EnrolAnswer,
  type EnrolRequest,
  type OrderKind,
  type OrderPayload,
  type OrderResult,
  type ReplayState,
  type ReportEntry,
  type SignedOrder,
  type SigningKey,
} from '@bailiwick/agent-protocol';

class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

/** The server's half of the agents' protocol in memory, so that the agent is tested without the product. It can be told to misbehave. */
export class ProtocolServer implements AsyncDisposable {
  readonly token = `bwe_${'t'.repeat(43)}`;
  readonly binding = { mspId: randomUUID(), clientId: randomUUID(), assetId: randomUUID(), agentId: randomUUID() };
  /** What was stored, in the order of arrival, each entry once. */
  readonly entries: ReportEntry[] = [];
  readonly refused: string[] = [];
  readonly hellos: string[] = [];
  /** Entries that came again. */
  repeated = 0;
  /** Store the next reports and lose the answers. */
  answersToLose = 0;
  /** Accept the next hellos and never answer them. */
  hellosToLose = 0;
  /** Seconds that this server's clock is ahead. */
  clockAheadSeconds = 0;
  enrolment: EnrolRequest | undefined;
  orderKey!: SigningKey;
  #http: Server | undefined;
  #port = 0;
  #replay: ReplayState | undefined;
  readonly #marks = new Map<string, { stream: ReportEntry['stream']; epoch: string; sequence: number }>();
  readonly #orders: unknown[] = [];

  static async start(): Promise<ProtocolServer> {
    const server = new ProtocolServer();
    server.orderKey = (await generateSigningKey()).key;
    await server.listen();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async listen(): Promise<void> {
    this.#http = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((resolve) => this.#http?.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#http.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#http?.closeAllConnections();
    await new Promise<void>((resolve) => {
      if (this.#http === undefined) resolve();
      else this.#http.close(() => resolve());
    });
    this.#http = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  send(order: unknown): void {
    this.#orders.push(order);
  }

  /** Signs an order and queues it; `change` alters what is signed. */
  async order<Kind extends OrderKind>(
    kind: Kind,
    payload: OrderPayload<Kind>,
    change: { clientId?: string; issuedAt?: Temporal.Instant; lifeSeconds?: number; key?: SigningKey } = {},
  ): Promise<SignedOrder> {
    const issuedAt = change.issuedAt ?? Temporal.Now.instant();
    const expiresAt = issuedAt.add({ seconds: change.lifeSeconds ?? 60 }).toString();
    const ids = { ...this.binding, clientId: change.clientId ?? this.binding.clientId };
    const fields = { id: randomUUID(), ...ids, kind, payload, issuedAt: issuedAt.toString(), expiresAt };
    const signed = await signOrder(change.key ?? this.orderKey, fields);
    this.send(signed);
    return signed;
  }

  of<Name extends ReportEntry['stream']>(stream: Name): Extract<ReportEntry, { stream: Name }>[] {
    return this.entries.filter((entry): entry is Extract<ReportEntry, { stream: Name }> => entry.stream === stream);
  }

  results(orderId: string): OrderResult[] {
    return this.of('order-result').flatMap(({ data }) => (data.orderId === orderId ? [data] : []));
  }

  output(orderId: string, channel: 'stdout' | 'stderr' = 'stdout'): string {
    const chunks = this.of('order-output').filter(({ data }) => data.orderId === orderId && data.channel === channel);
    return chunks.map(({ data }) => data.text).join('');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const reply = (status: number, body: object): unknown =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    try {
      const answer = await this.#handle(request, Buffer.concat(chunks));
      if (answer === undefined) request.socket.destroy();
      else reply(200, answer);
    } catch (error) {
      const code = error instanceof Refused || error instanceof ProtocolError ? error.code : 'internal';
      this.refused.push(code);
      reply(error instanceof Refused ? error.status : 401, {
        code,
        detail: String(error),
        serverTime: this.#now().toString(),
      });
    }
  }

  async #handle(request: IncomingMessage, body: Buffer): Promise<object | undefined> {
    const path = request.url ?? '';
    const json = (): unknown => JSON.parse(body.toString('utf8'));
    if (path === AGENT_PATHS.enrol) return this.#enrol(enrolRequestSchema.parse(json()));
    const claim = readSignatureClaim((name) => request.headers[name] as string | undefined);
    if (this.enrolment === undefined || claim.agentId !== this.binding.agentId) throw new Refused(401, 'agent.unknown');
    await verifyRequest(
      this.enrolment.publicKey,
      claim,
      { method: request.method ?? '', path, body },
      this.#now().epochMilliseconds,
    );
    if (path === AGENT_PATHS.hello && this.#replay?.runId !== claim.runId) {
      const { previousRunIds } = helloRequestSchema.parse(json());
      if (this.#replay !== undefined && !previousRunIds.includes(this.#replay.runId))
        throw new Refused(403, 'agent.copied-key');
      this.#replay = startRun(claim);
    } else {
      if (this.#replay === undefined) throw new Refused(403, 'agent.no-run');
      const verdict = judgeReplay(this.#replay, claim);
      if (verdict.kind !== 'fresh')
        throw new Refused(403, verdict.kind === 'conflict' ? 'agent.copied-key' : 'agent.replayed');
      this.#replay = verdict.next;
    }
    if (path === AGENT_PATHS.hello) {
      this.hellos.push(claim.runId);
      if (this.hellosToLose > 0) {
        this.hellosToLose -= 1;
        await new Promise((resolve) => setTimeout(resolve, 5_000));
        return undefined;
      }
      return {
        protocolVersion: 1,
        reportIntervalSeconds: 5,
        serverTime: this.#now().toString(),
        marks: [...this.#marks.values()],
      };
    }
    return path === AGENT_PATHS.reports ? this.#store(reportRequestSchema.parse(json()).entries) : this.#wait(request);
  }

  async #enrol(request: EnrolRequest): Promise<EnrolAnswer> {
    await verifyEnrolment(request, this.#now().epochMilliseconds);
    if (request.token !== this.token) throw new Refused(401, 'agent.token-refused');
    this.enrolment = request;
    return {
      protocolVersion: 1,
      ...this.binding,
      orderKey: this.orderKey.publicKey,
      reportIntervalSeconds: 5,
      serverTime: this.#now().toString(),
    };
  }

  #store(entries: readonly unknown[]): object | undefined {
    const touched = new Map<string, { stream: ReportEntry['stream']; epoch: string; sequence: number }>();
    for (const entry of entries) {
      const { stream, epoch, sequence } = entryHeadSchema.parse(entry);
      const key = `${stream} ${epoch}`;
      const mark = this.#marks.get(key) ?? { stream, epoch, sequence: 0 };
      touched.set(key, mark);
      if (sequence <= mark.sequence) {
        this.repeated += 1;
        continue;
      }
      mark.sequence = sequence;
      this.#marks.set(key, mark);
      this.entries.push(reportEntrySchema.parse(entry));
    }
    if (this.answersToLose > 0) {
      this.answersToLose -= 1;
      return undefined;
    }
    return { marks: [...touched.values()], refused: [], reportIntervalSeconds: 5 };
  }

  async #wait(request: IncomingMessage): Promise<object> {
    for (let tries = 0; tries < 40 && this.#orders.length === 0; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    // Who asked may be dead by now; what it does not hear of stays for the next.
    return { orders: request.socket.destroyed ? [] : this.#orders.splice(0, 10) };
  }

  #now(): Temporal.Instant {
    return Temporal.Now.instant().add({ seconds: this.clockAheadSeconds });
  }
}
