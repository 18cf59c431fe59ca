import type { Hono } from 'hono';

import { authorize, readBody, requireUser, type Graph, type GraphContext, type GraphEnv } from './graph-context.ts';
import { GraphError, resourceNotFound } from './graph-error.ts';
import { rights } from './permissions.ts';
import type { GraphObject, Json } from './tenant.ts';

/** The path segment under `authentication` of each method that can be taken from a user. */
const methodTypes: Readonly<Record<string, string>> = {
  phoneMethods: '#microsoft.graph.phoneAuthenticationMethod',
  microsoftAuthenticatorMethods: '#microsoft.graph.microsoftAuthenticatorAuthenticationMethod',
  softwareOathMethods: '#microsoft.graph.softwareOathAuthenticationMethod',
  fido2Methods: '#microsoft.graph.fido2AuthenticationMethod',
  emailMethods: '#microsoft.graph.emailAuthenticationMethod',
};

const replyStatuses: readonly unknown[] = ['disabled', 'alwaysEnabled', 'scheduled'];

/** Mailbox settings, and the authentication methods that a lost phone takes with it. */
export function addMailboxRoutes(app: Hono<GraphEnv>, graph: Graph): void {
  app.get('/v1.0/users/:userId/mailboxSettings', (context) => {
    authorize(graph, context, rights.readMailboxSettings);
    return context.json(withContext(graph, requireMailbox(context)));
  });
  app.patch('/v1.0/users/:userId/mailboxSettings', async (context) => {
    authorize(graph, context, rights.changeMailboxSettings);
    const settings = requireMailbox(context);
    applySettings(settings, await readBody(context));
    return context.json(withContext(graph, settings));
  });
  app.get('/v1.0/users/:userId/authentication/methods', (context) => {
    authorize(graph, context, rights.readAuthenticationMethods);
    return context.json({ value: methodsOf(context) });
  });
  for (const [segment, type] of Object.entries(methodTypes)) {
    app.delete(`/v1.0/users/:userId/authentication/${segment}/:methodId`, (context) => {
      authorize(graph, context, rights.changeAuthenticationMethods);
      const methods = methodsOf(context);
      const methodId = context.req.param('methodId') ?? '';
      const position = methods.findIndex((method) => method.id === methodId && method['@odata.type'] === type);
      if (position === -1) throw resourceNotFound(methodId);
      methods.splice(position, 1);
      return context.body(null, 204);
    });
  }
}

function requireMailbox(context: GraphContext): { [key: string]: Json } {
  const settings = context.get('tenant').mailboxSettings.get(requireUser(context).id);
  if (settings !== undefined) return settings;
  throw new GraphError(
    404,
    'MailboxNotEnabledForRESTAPI',
    'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
  );
}

function methodsOf(context: GraphContext): GraphObject[] {
  return context.get('tenant').authenticationMethods.get(requireUser(context).id) ?? [];
}

function withContext(graph: Graph, settings: { readonly [key: string]: Json }) {
  return { '@odata.context': `${graph.baseUrl()}/v1.0/$metadata#users/mailboxSettings`, ...settings };
}

function applySettings(settings: { [key: string]: Json }, body: { readonly [key: string]: unknown }): void {
  const replies = body['automaticRepliesSetting'];
  if (typeof replies === 'object' && replies !== null) {
    const status: unknown = (replies as { status?: unknown }).status;
    if (status !== undefined && !replyStatuses.includes(status)) {
      throw new GraphError(400, 'RequestBodyRead', `Requested value '${String(status)}' was not found.`);
    }
    settings['automaticRepliesSetting'] = {
      ...(settings['automaticRepliesSetting'] as { [key: string]: Json }),
      ...(replies as { [key: string]: Json }),
    };
  }
  for (const [name, value] of Object.entries(body)) {
    if (name === 'automaticRepliesSetting' || name.startsWith('@odata')) continue;
    if (name === 'userPurpose' || !(name in settings)) {
      throw new GraphError(400, 'ErrorInvalidProperty', `The property '${name}' is invalid or cannot be set.`);
    }
    settings[name] = value as Json;
  }
}
