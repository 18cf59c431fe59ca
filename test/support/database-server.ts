import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../packages/core/src/composition/migrate.ts';
import { grantDatabase } from '../../packages/core/src/platform/postgres/ensure-roles.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../packages/core/src/platform/postgres/embedded-postgres.ts';
import type { TestServer } from './database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

const templateName = 'bailiwick_template';

/** Starts one PostgreSQL for the run, with a migrated template database that each test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bailiwick-test-'));
  const server = await startEmbeddedPostgres({ dataDir, fast: true });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await makeTemplate(server);
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('testServer', { superuserUrl: server.superuserUrl, urls: server.urls, templateName });
  return stop;
}

async function makeTemplate(server: EmbeddedPostgres): Promise<void> {
  const admin = new Client({ connectionString: server.superuserUrl });
  await admin.connect();
  await admin.query(`create database ${templateName} owner bailiwick_owner`);
  await admin.end();
  await grantDatabase({ adminUrl: server.superuserUrl, database: templateName });
  await migrate({ ownerUrl: Object.assign(new URL(server.urls.owner), { pathname: `/${templateName}` }).href });
}
