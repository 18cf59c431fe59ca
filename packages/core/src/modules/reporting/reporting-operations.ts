import { z } from 'zod';
import { defineDownload, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { deskReportInput, deskReportTicketsInput, deskReportView, reportTicketView } from './desk-report.ts';
import { olaReportInput, olaReportTicketsInput, olaReportView, olaTicketView, type ReportOlas } from './report-olas.ts';
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
export function reportingOperations({ desk, time, olas }: { desk: ReportDesk; time: ReportTime; olas: ReportOlas }) {
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
    getOlaReport: defineQuery({
      name: 'reporting.get-ola-report',
      permission: READ,
      input: olaReportInput,
      output: olaReportView,
      rest: { method: 'GET', path: '/reports/olas', summary: 'How long tickets were with which team, by its OLA' },
      run: (scope, input) => olas.run(scope, input),
    }),
    listOlaTickets: defineQuery({
      name: 'reporting.list-ola-tickets',
      permission: READ,
      input: olaReportTicketsInput,
      output: z.object({ items: z.array(olaTicketView) }),
      rest: { method: 'GET', path: '/reports/olas/tickets', summary: 'The tickets behind a line of the OLA report' },
      run: async (scope, input) => ({ items: await olas.tickets(scope, input) }),
    }),
    exportOlaReport: defineDownload({
      name: 'reporting.export-ola-report',
      permission: READ,
      input: olaReportInput,
      rest: { method: 'GET', path: '/reports/olas/csv', summary: 'Time with teams by their OLAs as CSV' },
      run: (scope, input) => olas.export(scope, input),
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
