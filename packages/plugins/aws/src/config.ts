import { defineConfig, field } from '@bailiwick/sdk';

/** What the operator is asked for. */
export const config = defineConfig({
  accessKeyId: field.text({ label: 'Access key ID', help: 'Of the user in the management account.', max: 128 }),
  secretAccessKey: field.secret({ label: 'Secret access key' }),
  roleName: field.text({ label: 'Role in each account', default: 'Bailiwick', pattern: '[\\w+=,.@-]{1,64}' }),
  externalId: field.text({
    label: 'External ID',
    help: 'The role asks for this text, a hyphen and the number of its account.',
    default: 'bailiwick',
    pattern: '[\\w+=,.@:/-]{2,200}',
  }),
  regions: field.list(field.text({ max: 30, pattern: '[a-z]{2}-[a-z-]{1,24}-\\d' }), {
    label: 'Regions',
    help: 'Empty: all that an account has switched on.',
    optional: true,
  }),
  costBucket: field.text({ label: 'Bucket of the cost export', optional: true, pattern: '[a-z0-9.-]{3,63}' }),
  costRegion: field.text({ label: 'Its region', default: 'us-east-1', max: 30 }),
  costPrefix: field.text({ label: 'Its prefix', optional: true, max: 200 }),
  costExport: field.text({ label: 'Name of the export', optional: true, pattern: '[\\w-]{1,128}' }),
  address: field.url({
    label: 'Address of the token service',
    help: 'Leave it, unless you have a stand-in for AWS, where all services answer at one address.',
    default: 'https://sts.us-east-1.amazonaws.com',
    pattern: '[^/]+//[^/]+',
  }),
});
