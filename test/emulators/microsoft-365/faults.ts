import { GraphError } from './graph-error.ts';

export interface Throttle {
  /** Seconds, for the Retry-After header. */
  readonly retryAfterS: number;
  /** Directory and Intune say TooManyRequests, Outlook and OneDrive activityLimitReached. */
  readonly code: 'TooManyRequests' | 'activityLimitReached';
  /** Only requests whose path holds this text; all without it. */
  readonly path?: string;
  readonly tenantId?: string;
}

/** What goes wrong next, by a test's wish. */
export class Faults {
  private planned: { left: number; readonly of: Throttle; readonly status: 429 | 503 }[] = [];

  throttleNext(count: number, of: Throttle): void {
    this.planned.push({ left: count, of, status: 429 });
  }

  /** 503 for the next requests, with Retry-After. */
  failNext(count: number, of: Omit<Throttle, 'code'>): void {
    this.planned.push({ left: count, of: { ...of, code: 'TooManyRequests' }, status: 503 });
  }

  /** Throws when this request is one of those. */
  meet(path: string, tenantId: string): void {
    const fault = this.planned.find(
      ({ left, of }) =>
        left > 0 && (of.path === undefined || path.includes(of.path)) && (of.tenantId ?? tenantId) === tenantId,
    );
    if (fault === undefined) return;
    fault.left -= 1;
    const headers = { 'Retry-After': fault.of.retryAfterS.toString() };
    if (fault.status === 503) {
      throw new GraphError(
        503,
        'serviceNotAvailable',
        'The service is not available. Try the request again after a delay.',
        headers,
      );
    }
    throw new GraphError(
      429,
      fault.of.code,
      'Too many requests. Please retry after the time in the Retry-After header.',
      headers,
    );
  }
}
