// @TODO(#2) becomes the router's own type as soon as the server exports it.
import type { AnyTRPCRouter } from '@trpc/server';

export type AppRouter = AnyTRPCRouter;
