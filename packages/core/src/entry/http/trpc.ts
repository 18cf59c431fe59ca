import { initTRPC, type TRPCMutationProcedure, type TRPCQueryProcedure } from '@trpc/server';
import type { z } from 'zod';
import type { AnyOperation, Operation, OperationMap } from '#kernel/operation';
import type { TenantScope } from '#kernel/tenant-scope';
import { asDomainError, toTrpcError } from './error-mapping.ts';
import { authorize } from './run-operation.ts';

/** What each call of one HTTP request shares. The scope is looked up once, when a procedure first needs it. */
export interface TrpcContext {
  readonly requestId: string;
  readonly scope: () => Promise<TenantScope>;
}

const t = initTRPC.context<TrpcContext>().create({
  errorFormatter({ shape, error, ctx }) {
    const known = asDomainError(error);
    const message =
      known?.message ??
      (error.code === 'INTERNAL_SERVER_ERROR'
        ? `Something went wrong on our side. Quote the request id ${ctx?.requestId ?? ''} when you report it.`
        : shape.message);
    return {
      ...shape,
      message,
      data: {
        ...shape.data,
        stack: undefined,
        domainCode: known?.code ?? 'internal',
        fields: known?.fields ?? [],
        requestId: ctx?.requestId ?? '',
      },
    };
  },
});

type ProcedureOf<Op> =
  Op extends Operation<infer Kind, infer Input, infer Output>
    ? Kind extends 'query'
      ? TRPCQueryProcedure<{ input: z.input<Input>; output: z.output<Output>; meta: unknown }>
      : TRPCMutationProcedure<{ input: z.input<Input>; output: z.output<Output>; meta: unknown }>
    : never;

type CallableNames<Operations extends OperationMap> = {
  [Name in keyof Operations]: ProcedureOf<Operations[Name]> extends never ? never : Name;
}[keyof Operations];

/** The procedures of one module, typed from its operations; downloads and uploads are REST only. */
export type ProceduresOf<Operations extends OperationMap> = {
  [Name in CallableNames<Operations>]: ProcedureOf<Operations[Name]>;
};

/** Mounts a module's operations as tRPC procedures. */
export function proceduresOf<Operations extends OperationMap>(operations: Operations): ProceduresOf<Operations> {
  const procedures: Record<string, unknown> = {};
  for (const [name, operation] of Object.entries(operations)) {
    if (operation.kind === 'query' || operation.kind === 'command') procedures[name] = procedureOf(operation);
  }
  return procedures as ProceduresOf<Operations>;
}

function procedureOf(operation: AnyOperation) {
  const base = t.procedure.input(operation.input).output(operation.output);
  const resolve = async ({ ctx, input }: { ctx: TrpcContext; input: unknown }): Promise<unknown> => {
    try {
      const scope = await ctx.scope();
      authorize(operation, scope);
      return await operation.run(scope, input);
    } catch (error) {
      throw toTrpcError(error);
    }
  };
  return operation.kind === 'query' ? base.query(resolve) : base.mutation(resolve);
}

/** Assembles procedures, by module, to the application's router. */
export const trpcRouter = t.router;
