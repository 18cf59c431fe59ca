import type { InjectionToken } from 'tsyringe';
import type { ReportSink } from './endpoint-needs.ts';

/** The token under which composition registers the sink. */
export const ReportSinkToken: InjectionToken<ReportSink> = Symbol('ReportSink');
