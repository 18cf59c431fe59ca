import type { MiddlewareHandler } from 'hono';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** What the process measures of itself, in Prometheus' text format. */
export class RequestMetrics {
  readonly registry = new Registry();
  readonly contentType = this.registry.contentType;
  readonly #seconds = new Histogram({
    name: 'bailiwick_http_request_duration_seconds',
    help: 'Time to answer',
    labelNames: ['door', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });
  readonly #errors = new Counter({
    name: 'bailiwick_http_errors_total',
    help: 'Answers with status 500 and above',
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  readonly middleware: MiddlewareHandler = async (context, next) => {
    const started = performance.now();
    await next();
    const status = context.res.status;
    this.#seconds.observe(
      { door: doorOf(context.req.path), method: context.req.method, status: String(status) },
      (performance.now() - started) / 1000,
    );
    if (status >= 500) this.#errors.inc();
  };

  render(): Promise<string> {
    return this.registry.metrics();
  }
}

/** Few labels, so that ids in paths do not make a series each. */
function doorOf(path: string): string {
  if (path.startsWith('/api/')) return path.split('/').slice(1, 3).join('/');
  if (path.startsWith('/hooks/')) return 'hooks';
  return path === '/healthz' || path === '/readyz' || path === '/metrics' ? 'probe' : 'web';
}
