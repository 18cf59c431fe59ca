import type { IssueReport, Json } from '@bailiwick/sdk';
import type { Redactor } from '@bailiwick/plugin-runtime';

/** Lines that one call may leave; the rest is counted. */
const MAX_LINES = 200;
const MAX_MESSAGE = 1000;
const MAX_FIELDS_BYTES = 4096;
const MAX_ISSUES = 50;

export type LogLevel = 'debug' | 'info' | 'warn';

/** A line of a plugin's log. */
export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, Json>>;
}

/** What one call says beside its answer, without secrets: kept in memory while it runs, written once when it ended. */
export class CallRecord {
  readonly #redactor: Redactor;
  readonly #lines: LogLine[] = [];
  readonly #issues = new Map<string, IssueReport>();
  #dropped = 0;

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  log(level: LogLevel, message: string, fields: Readonly<Record<string, Json>>): void {
    if (this.#lines.length >= MAX_LINES) {
      this.#dropped += 1;
      return;
    }
    this.#lines.push({ level, message: this.#clean(message, MAX_MESSAGE), fields: this.#cleanFields(fields) });
  }

  /** The same id again is the same issue. */
  raise(issue: IssueReport): void {
    const id = this.#clean(issue.id, 100);
    if (!this.#issues.has(id) && this.#issues.size >= MAX_ISSUES) return;
    this.#issues.set(id, {
      id,
      severity: issue.severity,
      title: this.#clean(issue.title, 300),
      ...(issue.remedy === undefined ? {} : { remedy: this.#clean(issue.remedy, 1000) }),
      ...(issue.learnMore === undefined ? {} : { learnMore: this.#clean(issue.learnMore, 500) }),
    });
  }

  get lines(): readonly LogLine[] {
    if (this.#dropped === 0) return this.#lines;
    return [...this.#lines, { level: 'warn', message: `${this.#dropped} more lines were dropped.`, fields: {} }];
  }

  get issues(): readonly IssueReport[] {
    return [...this.#issues.values()];
  }

  #clean(text: string, max: number): string {
    return storable(this.#redactor.text(text)).slice(0, max);
  }

  #cleanFields(fields: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
    const text = JSON.stringify(this.#redactor.json({ ...fields }));
    if (text.length > MAX_FIELDS_BYTES || text.includes('\\u0000'))
      return { note: 'The fields were too large to keep.' };
    return JSON.parse(text) as Record<string, Json>;
  }
}

/** Text that PostgreSQL can keep. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}
