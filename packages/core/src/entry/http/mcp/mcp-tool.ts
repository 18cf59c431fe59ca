import type { TenantScope } from '#kernel/tenant-scope';

/** JSON Schema of an object. */
export type ObjectSchema = Readonly<Record<string, unknown>>;

/** One tool, as a program sees it and as it is run. */
export interface McpTool {
  /** Letters, digits, `-` and `_`, at most 64: what every client takes. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  /** Hints for whoever decides whether to ask a person. They authorise nothing. */
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
  /** What the caller must hold to see it; running asks again. */
  readonly permission: string;
  run(scope: TenantScope, input: unknown): Promise<unknown>;
}
