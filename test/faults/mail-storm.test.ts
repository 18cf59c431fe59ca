import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPeer } from '../../scripts/peer-list.ts';
import { CreateClient } from '../../packages/core/src/modules/tenancy/create-client.ts';
import { SettingsToken } from '../../packages/core/src/platform/settings-token.ts';
import { startDovecot, type Dovecot } from '../support/dovecot.ts';
import { runMailStorm } from '../support/mail-storm.ts';
import { connectMailbox, imapFields } from '../support/mailboxes.ts';
import { buildMsp, startTestApp, systemScope, type TestApp } from '../support/test-app.ts';

const peer = findPeer('dovecot');

describe.skipIf(peer.path === undefined)(
  `kill -9 of the worker while it reads mail${peer.path === undefined ? ` (${peer.reason})` : ''}`,
  () => {
    let app: TestApp;
    let dovecot: Dovecot;
    beforeAll(async () => {
      [app, dovecot] = await Promise.all([startTestApp(), startDovecot()]);
    });
    afterAll(async () => {
      await dovecot?.[Symbol.asyncDispose]();
      await app?.[Symbol.asyncDispose]();
    });

    it('loses and doubles nothing: each mail is once on one ticket', async () => {
      const { mspId } = await buildMsp(app, { clients: 0 });
      await app.container.resolve(CreateClient).run(systemScope(mspId), {
        name: 'Hartley',
        timeZone: 'Europe/London',
        state: 'active',
        emailDomains: ['hartley.example'],
      });
      const fields = imapFields(dovecot, 'desk', { port: dovecot.port, security: 'none' });
      await connectMailbox(app, mspId, fields);
      const verdict = await runMailStorm({
        dovecot,
        user: 'desk',
        mails: 100,
        kills: 3,
        maxLifeMs: 1500,
        environment: {
          DATABASE_URL: app.database.urls.app,
          DATABASE_OWNER_URL: app.database.urls.owner,
          DATABASE_AUTH_URL: app.database.urls.auth,
          BAILIWICK_SECRET_KEY: app.container.resolve(SettingsToken).BAILIWICK_SECRET_KEY ?? '',
        },
        ownerUrl: app.database.urls.owner,
        latestMs: 100_000,
      });
      expect(verdict).toMatchObject({ stored: 100, states: { placed: 100 }, lost: [], doubled: [], misplaced: [] });
    });
  },
);
