import type { Clock } from '#kernel/clock';
import { GmailSource } from '#platform/mail-sources/gmail-source';
import { GraphSource } from '#platform/mail-sources/graph-source';
import { HostGuard } from '#platform/mail-sources/host-guard';
import { ImapSource } from '#platform/mail-sources/imap-source';
import type { MailSource } from '#platform/mail-sources/mail-source';
import { AccessTokens, type OAuthGrant } from '#platform/mail-sources/oauth-grant';
import { VendorHttp } from '#platform/mail-sources/vendor-http';
import { accountWanted, appOf, consentVendor, type ConsentVendor } from './mailbox-consent.ts';
import type { MailboxSecretValues } from './mailbox-secrets.ts';
import type { MailboxSettings } from './mailbox-settings.ts';

/** Where the vendors are. Fixed; tests put emulators in their place. */
export interface VendorEndpoints {
  readonly microsoftSignIn: string;
  readonly googleSignIn: string;
  readonly microsoftGraph: string;
  readonly googleToken: string;
  readonly gmail: string;
}

export const vendorEndpoints: VendorEndpoints = {
  microsoftSignIn: 'https://login.microsoftonline.com',
  googleSignIn: 'https://accounts.google.com/o/oauth2/v2/auth',
  microsoftGraph: 'https://graph.microsoft.com/v1.0',
  googleToken: 'https://oauth2.googleapis.com/token',
  gmail: 'https://gmail.googleapis.com/gmail/v1',
};

/** What one mailbox is read by. */
export interface SourceOf {
  readonly address: string;
  readonly settings: MailboxSettings;
  readonly secrets: MailboxSecretValues;
  readonly onRefreshToken?: (token: string) => Promise<void>;
}

/** What a person is asked to consent to, and where. */
export interface ConsentTerms {
  readonly vendor: ConsentVendor;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly scope: string;
  /** What only this vendor asks for. */
  readonly parameters: Readonly<Record<string, string>>;
}

type Grant = { readonly grant: 'app' | 'person'; readonly clientId: string | null; readonly tenant?: string };

/** Makes the source of a mailbox from its settings and secrets. */
export class MailboxSources {
  readonly #deps: { guard: HostGuard; clock: Clock; endpoints: VendorEndpoints; ca?: readonly string[] };
  readonly #poll: { readonly pollMs?: number };

  constructor(deps: {
    allowedHosts: readonly string[];
    clock: Clock;
    endpoints?: VendorEndpoints;
    pollMs?: number;
    ca?: readonly string[];
  }) {
    this.#poll = deps.pollMs === undefined ? {} : { pollMs: deps.pollMs };
    this.#deps = {
      guard: new HostGuard({ allowed: deps.allowedHosts }),
      clock: deps.clock,
      endpoints: deps.endpoints ?? vendorEndpoints,
      ...(deps.ca === undefined ? {} : { ca: deps.ca }),
    };
  }

  /** Null for a mailbox that a relay hands to us: there is nothing to read. */
  make(mailbox: SourceOf): MailSource | null {
    const { settings } = mailbox;
    switch (settings.kind) {
      case 'smtp':
        return null;
      case 'imap': {
        const { signIn, ...server } = settings;
        return new ImapSource({
          ...server,
          ...this.#deps,
          signIn:
            signIn.kind === 'password'
              ? { password: mailbox.secrets.password ?? '' }
              : { tokens: this.#tokens(mailbox, signIn.kind, signIn, IMAP_SCOPES) },
        });
      }
      case 'graph': {
        const tokens = this.#tokens(mailbox, 'microsoft', settings, GRAPH_SCOPES);
        const http = new VendorHttp({ base: this.#deps.endpoints.microsoftGraph, tokens });
        return new GraphSource({ ...settings, http, address: mailbox.address, ...this.#poll });
      }
      case 'gmail': {
        const tokens = this.#tokens(mailbox, 'google', settings, GMAIL_SCOPES);
        const http = new VendorHttp({ base: this.#deps.endpoints.gmail, tokens });
        return new GmailSource({ ...settings, http, ...this.#poll });
      }
    }
  }

  /** Null where a mailbox needs nobody's consent. */
  consentTerms({ settings, address }: Pick<SourceOf, 'settings' | 'address'>): ConsentTerms | null {
    const vendor = consentVendor(settings);
    if (vendor === null) return null;
    const { microsoftSignIn, googleSignIn, googleToken } = this.#deps.endpoints;
    const { clientId, tenant } = appOf(settings);
    const scopes = scopesOf(settings.kind);
    const login_hint = accountWanted(settings, address);
    if (vendor === 'google')
      return {
        vendor,
        authorizeUrl: googleSignIn,
        tokenUrl: googleToken,
        clientId,
        scope: `openid email ${scopes.google}`,
        // Without the first no refresh token is given, without the second none to who consented before.
        parameters: { access_type: 'offline', prompt: 'consent select_account', login_hint },
      };
    const base = `${microsoftSignIn}/${tenant}/oauth2/v2.0`;
    return {
      vendor,
      authorizeUrl: `${base}/authorize`,
      tokenUrl: `${base}/token`,
      clientId,
      scope: `openid email profile ${scopes.microsoftPerson}`,
      // An administrator is signed in as themselves: without the choice that account would be taken.
      parameters: { prompt: 'select_account', login_hint },
    };
  }

  #tokens(
    mailbox: SourceOf,
    vendor: 'microsoft' | 'google',
    grant: Grant,
    scopes: { microsoftApp: string; microsoftPerson: string; google: string },
  ): AccessTokens {
    const { clock } = this.#deps;
    return new AccessTokens({
      grant: vendor === 'microsoft' ? this.#microsoft(mailbox, grant, scopes) : this.#google(mailbox, grant, scopes),
      now: () => clock.now(),
      ...(mailbox.onRefreshToken === undefined ? {} : { onRefreshToken: mailbox.onRefreshToken }),
    });
  }

  #microsoft(
    { secrets }: SourceOf,
    { grant, clientId, tenant }: Grant,
    scopes: { microsoftApp: string; microsoftPerson: string },
  ): OAuthGrant {
    const app = {
      tokenUrl: `${this.#deps.endpoints.microsoftSignIn}/${tenant ?? 'common'}/oauth2/v2.0/token`,
      clientId: clientId ?? '',
      clientSecret: secrets.clientSecret ?? '',
    };
    return grant === 'app'
      ? { kind: 'app', ...app, scope: scopes.microsoftApp }
      : { kind: 'person', ...app, refreshToken: secrets.refreshToken ?? '', scope: scopes.microsoftPerson };
  }

  #google({ address, secrets }: SourceOf, { grant, clientId }: Grant, scopes: { google: string }): OAuthGrant {
    const tokenUrl = this.#deps.endpoints.googleToken;
    if (grant === 'app')
      return {
        kind: 'service-account',
        tokenUrl,
        serviceKey: secrets.serviceKey ?? '',
        subject: address,
        scope: scopes.google,
      };
    return {
      kind: 'person',
      tokenUrl,
      clientId: clientId ?? '',
      clientSecret: secrets.clientSecret ?? '',
      refreshToken: secrets.refreshToken ?? '',
      scope: null,
    };
  }
}

/** What an access token must allow, as the vendors' pages on IMAP with OAuth name it. */
const IMAP_SCOPES = {
  microsoftApp: 'https://outlook.office365.com/.default',
  microsoftPerson: 'https://outlook.office365.com/IMAP.AccessAsUser.All offline_access',
  google: 'https://mail.google.com/',
};
const GRAPH_SCOPES = {
  microsoftApp: 'https://graph.microsoft.com/.default',
  microsoftPerson: 'https://graph.microsoft.com/Mail.ReadWrite offline_access',
  google: '',
};
const GMAIL_SCOPES = { microsoftApp: '', microsoftPerson: '', google: 'https://www.googleapis.com/auth/gmail.modify' };

function scopesOf(kind: MailboxSettings['kind']): typeof IMAP_SCOPES {
  return kind === 'graph' ? GRAPH_SCOPES : kind === 'gmail' ? GMAIL_SCOPES : IMAP_SCOPES;
}
