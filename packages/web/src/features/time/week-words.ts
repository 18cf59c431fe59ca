import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';

export type Week = inferRouterOutputs<AppRouter>['time']['getWeek'];
export type WeekDayView = Week['days'][number];
