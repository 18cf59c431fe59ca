import { z } from 'zod';
import { defineDownload, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { deskReportInput, deskReportTicketsInput, deskReportView, reportTicketView } from './desk-report.ts';
import type { ReportDesk } from './report-desk.ts';
import {
  timeReportInput,
  timeReportTicketsInput,
  timeReportView,
  timeTicketView,
  type ReportTime,
} from './report-time.ts';

const READ = 'reporting.read-reports';

/** What can be read of how the desk does. */
export function reportingOperations({ desk, time }: { desk: ReportDesk; time: ReportTime }) {
  return {
    getDeskReport: defineQuery({
      name: 'reporting.get-desk-report',
      permission: READ,
      input: deskReportInput,
      output: deskReportView,
      rest: { method: 'GET', path: '/reports/desk/{report}', summary: 'A report of the desk, with its denominators' },
      run: (scope, input) => desk.run(scope, input),
    }),
    listReportTickets: defineQuery({
      name: 'reporting.list-report-tickets',
      permission: READ,
      input: deskReportTicketsInput,
      output: pageOf(reportTicketView),
      rest: {
        method: 'GET',
        path: '/reports/desk/{report}/tickets',
        summary: 'The tickets behind a number of a report',
      },
      run: (scope, input) => desk.tickets(scope, input),
    }),
    exportDeskReport: defineDownload({
      name: 'reporting.export-desk-report',
      permission: READ,
      input: deskReportInput,
      rest: { method: 'GET', path: '/reports/desk/{report}/csv', summary: 'A report of the desk as CSV' },
      run: (scope, input) => desk.export(scope, input),
    }),
    getTimeReport: defineQuery({
      name: 'reporting.get-time-report',
      permission: READ,
      input: timeReportInput,
      output: timeReportView,
      rest: { method: 'GET', path: '/reports/time', summary: 'Time by client and contract' },
      run: (scope, input) => time.run(scope, input),
    }),
    listTimeTickets: defineQuery({
      name: 'reporting.list-time-tickets',
      permission: READ,
      input: timeReportTicketsInput,
      output: z.object({ items: z.array(timeTicketView) }),
      rest: { method: 'GET', path: '/reports/time/tickets', summary: 'The tickets behind a line of the time report' },
      run: async (scope, input) => ({ items: await time.tickets(scope, input) }),
    }),
    exportTimeReport: defineDownload({
      name: 'reporting.export-time-report',
      permission: READ,
      input: timeReportInput,
      rest: { method: 'GET', path: '/reports/time/csv', summary: 'Time by client and contract as CSV' },
      run: (scope, input) => time.export(scope, input),
    }),
  };
}
