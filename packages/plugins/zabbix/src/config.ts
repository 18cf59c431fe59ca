import { defineConfig, field } from '@bailiwick/sdk';

/** What the operator is asked for. */
export const config = defineConfig({
  url: field.url({
    label: 'Address of the API',
    help: "The frontend's address followed by api_jsonrpc.php.",
    example: 'https://monitor.example.com/zabbix/api_jsonrpc.php',
    pattern: '.*/api_jsonrpc\\.php',
  }),
  signIn: field.choice(['token', 'token-in-header', 'password'], {
    label: 'Sign in with',
    help: 'An API token, sent in the body (5.4 to 7.0) or in a header (6.4 and newer), or a user name and password.',
    default: 'token',
  }),
  token: field.secret({ label: 'API token', optional: true }),
  username: field.text({ label: 'User name', optional: true, max: 100 }),
  password: field.secret({ label: 'Password', optional: true }),
  groupPrefix: field.text({
    label: 'Host groups of customers start with',
    help: 'Only these are customers. Empty: every host group that has hosts.',
    example: 'Customers/',
    optional: true,
  }),
  groupOrder: field.list(field.text({ max: 255 }), {
    label: 'Order of host groups',
    help: 'A host in several groups belongs to the first of these. Without an order, such a host is left out.',
    optional: true,
  }),
  metricKeys: field.list(field.text({ max: 200 }), {
    label: 'Items to read as metrics',
    help: 'Their keys start with one of these. Empty: CPU, memory, disks and ping. For example system.cpu.util.',
    optional: true,
  }),
  webhookSecret: field.secret({
    label: 'Secret of the media type',
    help: 'Only for problems at once, by webhook: a long random text that you also give to Zabbix.',
    optional: true,
  }),
});
