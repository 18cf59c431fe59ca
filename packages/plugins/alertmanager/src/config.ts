import { defineConfig, field, type ConfigOf, type Context } from '@bailiwick/sdk';

/** What the operator is asked for. */
export const config = defineConfig({
  url: field.url({
    label: 'Address',
    help: 'Where its page opens, without what follows the #.',
    example: 'http://alertmanager.example.com:9093',
    // What a browser shows of the page goes on with #/alerts, behind which no path counts.
    pattern: '[^?#]*',
  }),
  signIn: field.choice(['none', 'basic', 'bearer'], { label: 'Sign in with', default: 'none' }),
  username: field.text({ label: 'User name', optional: true }),
  password: field.secret({ label: 'Password', optional: true }),
  token: field.secret({ label: 'Bearer token', optional: true }),
  scopeLabel: field.text({
    label: 'Label that names the customer',
    pattern: '[a-zA-Z_][a-zA-Z0-9_]*',
    default: 'customer',
  }),
  customers: field.list(field.text({ max: 200 }), {
    label: 'Customers',
    help: 'Values of that label to offer before their first alert.',
    optional: true,
  }),
  webhookToken: field.secret({
    label: 'Token of the webhook',
    help: 'Only for the webhook with a token: a long random text that you also give to Alertmanager.',
    optional: true,
  }),
});

/** What every call of this plugin is given. */
export type AlertmanagerContext = Context<ConfigOf<typeof config>>;

/** The address of a method of the API, also where Alertmanager is served below a path. */
export function api(ctx: AlertmanagerContext, path: string): string {
  return `${ctx.config.url.replace(/\/+$/u, '')}/api/v2/${path}`;
}
