import { z } from 'zod';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { acceptDeletionInput, readNowInput, updateStreamInput, type ChangeStream } from './change-stream.ts';
import { countRecordsInput, getRecordInput, listRecordsInput, type EntityQueries } from './record-queries.ts';
import type { StartStreams } from './start-streams.ts';
import { listRunsInput, listStreamsInput, type StreamQueries } from './stream-queries.ts';
import { recordVersionView, recordView, runView, streamView } from './sync-view.ts';

interface Needs {
  readonly records: EntityQueries;
  readonly streams: StreamQueries;
  readonly start: StartStreams;
  readonly change: ChangeStream;
}

const changed = z.object({ version: z.int() });

/** What the outside may ask of this module. */
export function syncOperations({ records, streams, start, change }: Needs) {
  return {
    listRecords: defineQuery({
      name: 'plugin-sync.list-records',
      permission: 'plugin-sync.read-records',
      input: listRecordsInput,
      output: pageOf(recordView),
      rest: { method: 'GET', path: '/plugin-records', summary: 'Records of one type that plugins have read, by name' },
      run: (scope, input) => records.list(scope, input),
    }),
    countRecords: defineQuery({
      name: 'plugin-sync.count-records',
      permission: 'plugin-sync.read-records',
      input: countRecordsInput,
      output: z.array(z.object({ entity: z.string(), count: z.int(), quarantined: z.int() })),
      rest: { method: 'GET', path: '/plugin-record-counts', summary: 'How many records of each type there are' },
      run: (scope, input) => records.count(scope, input),
    }),
    getRecord: defineQuery({
      name: 'plugin-sync.get-record',
      permission: 'plugin-sync.read-records',
      input: getRecordInput,
      output: recordView.extend({ history: z.array(recordVersionView) }),
      rest: { method: 'GET', path: '/plugin-records/{recordId}', summary: 'One record with its history' },
      run: (scope, input) => records.get(scope, input.recordId),
    }),
    listStreams: defineQuery({
      name: 'plugin-sync.list-streams',
      permission: 'plugin-sync.read-records',
      input: listStreamsInput,
      output: pageOf(streamView),
      rest: { method: 'GET', path: '/plugin-streams', summary: 'The streams of a connection and how they do' },
      run: (scope, input) => streams.list(scope, input),
    }),
    listRuns: defineQuery({
      name: 'plugin-sync.list-runs',
      permission: 'plugin-sync.read-records',
      input: listRunsInput,
      output: pageOf(runView),
      rest: { method: 'GET', path: '/plugin-runs', summary: 'Passes of streams, the newest first' },
      run: (scope, input) => streams.runs(scope, input),
    }),
    readNow: defineCommand({
      name: 'plugin-sync.read-now',
      permission: 'plugin-sync.run-streams',
      input: readNowInput,
      output: z.object({ started: z.int() }),
      rest: { method: 'POST', path: '/plugin-streams/read-now', summary: 'Have streams read again now' },
      run: async (scope, { connectionId, scopeId, streams: names }) => ({
        started: await start.nudge(scope, {
          connectionId,
          ...(scopeId === undefined ? {} : { scopeId }),
          ...(names === undefined ? {} : { names }),
        }),
      }),
    }),
    updateStream: defineCommand({
      name: 'plugin-sync.update-stream',
      permission: 'plugin-sync.run-streams',
      input: updateStreamInput,
      output: changed,
      rest: { method: 'PATCH', path: '/plugin-streams/{streamId}', summary: 'Pause a stream, or change its rhythm' },
      run: (scope, input) => change.update(scope, input),
    }),
    acceptDeletion: defineCommand({
      name: 'plugin-sync.accept-deletion',
      permission: 'plugin-sync.accept-deletion',
      input: acceptDeletionInput,
      output: changed,
      rest: {
        method: 'POST',
        path: '/plugin-streams/{streamId}/accept-deletion',
        summary: 'Say that the records which a vendor no longer lists are really gone',
      },
      run: (scope, input) => change.acceptDeletion(scope, input),
    }),
  };
}
