import { defineConfig, field } from '@bailiwick/sdk';

const guid = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';

/** What the operator is asked for. */
export const config = defineConfig({
  tenantId: field.text({ label: 'Your tenant id', help: 'Entra admin centre → Overview.', pattern: guid }),
  clientId: field.text({ label: 'Application id', help: 'Of the app registration in your tenant.', pattern: guid }),
  clientSecret: field.secret({ label: 'Client secret' }),
  notificationUrl: field.url({
    label: 'Address for change notifications',
    help: 'The address of this connection’s webhook “Changes to users”. Without it, changes are found by polling.',
    optional: true,
    max: 2000,
  }),
  notificationKey: field.text({
    label: 'Key of change notifications',
    help: 'Any 16 to 128 letters and digits. Microsoft sends it back as clientState with each notification.',
    pattern: '[A-Za-z0-9]{16,128}',
    optional: true,
    private: true,
  }),
  loginUrl: field.url({
    label: 'Login authority',
    help: 'Change it for national clouds only.',
    default: 'https://login.microsoftonline.com',
  }),
  graphScope: field.text({
    label: 'Scope',
    help: 'The resource of the token. Change it for national clouds only, such as https://graph.microsoft.us/.default.',
    default: 'https://graph.microsoft.com/.default',
  }),
  graphUrl: field.url({
    label: 'Microsoft Graph',
    help: 'Change it for national clouds only, such as https://graph.microsoft.us.',
    default: 'https://graph.microsoft.com',
  }),
});
