import type { DependencyContainer } from 'tsyringe';
import type { OperationMap } from '#kernel/operation';
import type { ModuleDefinition } from '#platform/module';
import { proceduresOf, trpcRouter, type ProceduresOf } from '#entry/http/trpc';
import { modules } from './modules.ts';

type OperationsOf<Module> = Module extends ModuleDefinition<infer Operations> ? Operations : never;

/** Every module's procedures under the module's name, as the web's client sees them. */
type Procedures = { [Module in (typeof modules)[number] as Module['name']]: ProceduresOf<OperationsOf<Module>> };

/** Builds the tRPC router from the modules' operations. */
export function makeAppRouter(container: DependencyContainer) {
  const procedures = Object.fromEntries(
    modules.map((module) => [module.name, proceduresOf(module.operations(container) as OperationMap)]),
  );
  return trpcRouter(procedures as Procedures);
}

export type AppRouter = ReturnType<typeof makeAppRouter>;
