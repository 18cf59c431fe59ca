export type { AppRouter } from '@bailiwick/core/app-router';
