import { z } from 'zod';
import { defineCommand, defineDownload, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { startAuthorizationInput, type AuthorizeConnection } from './authorize-connection.ts';
import {
  changeConnectionInput,
  removeConnectionInput,
  setLimitsInput,
  testConnectionInput,
  type ChangeConnection,
} from './change-connection.ts';
import {
  getConnectionInput,
  listConnectionsInput,
  listTypesInput,
  type ConnectionPages,
} from './connection-page-queries.ts';
import { connectionDetailView, connectionTypeView, connectionView, issueView, logLineView } from './connection-view.ts';
import { describeReachInput, type DescribeReach } from './describe-reach.ts';
import type { Diagnostics } from './diagnostics.ts';
import { closeIssueInput, listIssuesInput, listLogInput, type IssuePages } from './issue-page-queries.ts';
import { listOptionsInput, type ListOptions } from './list-options.ts';
import { connectionIdSchema } from './plugin-host-table.ts';
import { createConnectionInput, updateConnectionInput, type SaveConnection } from './save-connection.ts';

interface Needs {
  readonly pages: ConnectionPages;
  readonly issues: IssuePages;
  readonly diagnostics: Diagnostics;
  readonly save: SaveConnection;
  readonly change: ChangeConnection;
  readonly authorize: AuthorizeConnection;
  readonly reach: DescribeReach;
  readonly options: ListOptions;
}

const READ = 'plugin-host.read-connections';
const MANAGE = 'plugin-host.manage-connections';
const RESOLVE = 'plugin-host.resolve-issues';
const versioned = z.object({ version: z.int() });
const checked = z.object({ account: z.string().nullable(), warnings: z.array(z.string()) });

/** What the outside may ask of this module. */
export function pluginHostOperations(needs: Needs) {
  return { ...readOperations(needs), ...saveOperations(needs), ...changeOperations(needs), ...issueOperations(needs) };
}

function readOperations({ pages }: Needs) {
  return {
    listConnections: defineQuery({
      name: 'plugin-host.list-connections',
      permission: READ,
      input: listConnectionsInput,
      output: z.object({ items: z.array(connectionView) }),
      rest: { method: 'GET', path: '/plugin-connections', summary: 'Connections to vendors, by name' },
      run: async (scope, input) => ({ items: await pages.list(scope, input) }),
    }),
    getConnection: defineQuery({
      name: 'plugin-host.get-connection',
      permission: READ,
      input: getConnectionInput,
      output: connectionDetailView,
      rest: {
        method: 'GET',
        path: '/plugin-connections/{connectionId}',
        summary: 'One connection, its form and its health',
      },
      run: (scope, input) => pages.get(scope, input),
    }),
    listTypes: defineQuery({
      name: 'plugin-host.list-types',
      permission: READ,
      input: listTypesInput,
      output: z.object({ items: z.array(connectionTypeView) }),
      rest: {
        method: 'GET',
        path: '/plugins/{pluginId}/connection-types',
        summary: 'Forms of the connections that a plugin can make',
      },
      run: async (scope, input) => ({ items: await pages.types(scope, input) }),
    }),
  };
}

function saveOperations({ save, reach, options, authorize }: Needs) {
  return {
    createConnection: defineCommand({
      name: 'plugin-host.create-connection',
      permission: MANAGE,
      input: createConnectionInput,
      output: checked.extend({ connectionId: connectionIdSchema }),
      rest: { method: 'POST', path: '/plugin-connections', summary: 'Check and save a connection' },
      run: (scope, input) => save.create(scope, input),
    }),
    updateConnection: defineCommand({
      name: 'plugin-host.update-connection',
      permission: MANAGE,
      input: updateConnectionInput,
      output: checked.extend({ version: z.int() }),
      rest: {
        method: 'PATCH',
        path: '/plugin-connections/{connectionId}',
        summary: 'Check and save a change of a connection',
      },
      run: (scope, input) => save.update(scope, input),
    }),
    describeReach: defineCommand({
      name: 'plugin-host.describe-reach',
      permission: MANAGE,
      input: describeReachInput,
      output: z.object({
        items: z.array(
          z.object({
            field: z.string(),
            origin: z.string(),
            host: z.string(),
            network: z.enum(['public', 'private', 'never', 'unknown']),
            sentence: z.string(),
            needs: z.array(z.object({ kind: z.enum(['origin', 'network']), value: z.string() })),
          }),
        ),
      }),
      rest: {
        method: 'POST',
        path: '/plugin-connections/reach',
        summary: 'What an administrator approves with a configuration, in words',
      },
      run: (scope, input) => reach.run(scope, input),
    }),
    listOptions: defineCommand({
      name: 'plugin-host.list-options',
      permission: MANAGE,
      input: listOptionsInput,
      output: z.object({ items: z.array(z.object({ value: z.string(), label: z.string() })) }),
      rest: {
        method: 'POST',
        path: '/plugin-connections/options',
        summary: 'What can be chosen in a field, asked at the vendor',
      },
      run: (scope, input) => options.run(scope, input),
    }),
    startAuthorization: defineCommand({
      name: 'plugin-host.start-authorization',
      permission: MANAGE,
      input: startAuthorizationInput,
      output: z.object({ url: z.string() }),
      rest: {
        method: 'POST',
        path: '/plugin-connections/{connectionId}/authorize',
        summary: 'Where to send a person to consent at the vendor',
      },
      run: (scope, input) => authorize.start(scope, input),
    }),
  };
}

function changeOperations({ change }: Needs) {
  return {
    testConnection: defineCommand({
      name: 'plugin-host.test-connection',
      permission: MANAGE,
      input: testConnectionInput,
      output: z.object({
        isWorking: z.boolean(),
        account: z.string().nullable(),
        warnings: z.array(z.string()),
        failure: z.string().nullable(),
        message: z.string().nullable(),
      }),
      rest: {
        method: 'POST',
        path: '/plugin-connections/{connectionId}/test',
        summary: 'Sign in anew and say who that is',
      },
      run: (scope, input) => change.test(scope, input),
    }),
    pauseConnection: defineCommand({
      name: 'plugin-host.pause-connection',
      permission: MANAGE,
      input: changeConnectionInput,
      output: versioned,
      rest: {
        method: 'POST',
        path: '/plugin-connections/{connectionId}/pause',
        summary: 'Stop reading and doing anything through it',
      },
      run: (scope, input) => change.pause(scope, input),
    }),
    resumeConnection: defineCommand({
      name: 'plugin-host.resume-connection',
      permission: MANAGE,
      input: changeConnectionInput,
      output: versioned,
      rest: { method: 'POST', path: '/plugin-connections/{connectionId}/resume', summary: 'Go on after a pause' },
      run: (scope, input) => change.resume(scope, input),
    }),
    setLimits: defineCommand({
      name: 'plugin-host.set-limits',
      permission: MANAGE,
      input: setLimitsInput,
      output: versioned,
      rest: {
        method: 'PUT',
        path: '/plugin-connections/{connectionId}/limits',
        summary: 'Other limits than the vendor states',
      },
      run: (scope, input) => change.setLimits(scope, input),
    }),
    removeConnection: defineCommand({
      name: 'plugin-host.remove-connection',
      permission: MANAGE,
      input: removeConnectionInput,
      output: z.object({}),
      rest: {
        method: 'POST',
        path: '/plugin-connections/{connectionId}/remove',
        summary: 'Remove a connection, with or without what it brought',
      },
      run: async (scope, input) => {
        await change.remove(scope, input);
        return {};
      },
    }),
  };
}

function issueOperations({ issues, diagnostics }: Needs) {
  return {
    listIssues: defineQuery({
      name: 'plugin-host.list-issues',
      permission: READ,
      input: listIssuesInput,
      output: pageOf(issueView),
      rest: { method: 'GET', path: '/plugin-issues', summary: 'What needs a person, the newest first' },
      run: (scope, input) => issues.list(scope, input),
    }),
    closeIssue: defineCommand({
      name: 'plugin-host.close-issue',
      permission: RESOLVE,
      input: closeIssueInput,
      output: z.object({}),
      rest: { method: 'POST', path: '/plugin-issues/{issueId}/close', summary: 'Close an issue by hand' },
      run: async (scope, input) => {
        await issues.close(scope, input);
        return {};
      },
    }),
    listLog: defineQuery({
      name: 'plugin-host.list-log',
      permission: RESOLVE,
      input: listLogInput,
      output: pageOf(logLineView),
      rest: {
        method: 'GET',
        path: '/plugin-connections/{connectionId}/log',
        summary: 'What the plugin wrote, the newest first',
      },
      run: (scope, input) => issues.log(scope, input),
    }),
    downloadDiagnostics: defineDownload({
      name: 'plugin-host.download-diagnostics',
      permission: RESOLVE,
      input: getConnectionInput,
      rest: {
        method: 'GET',
        path: '/plugin-connections/{connectionId}/diagnostics',
        summary: 'What somebody who helps needs to see, without secrets',
      },
      run: (scope, input) => diagnostics.open(scope, input),
    }),
  };
}
