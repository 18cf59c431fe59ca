import type { PermissionDefinition } from '#platform/module';

export const knowledgePermissions: readonly PermissionDefinition[] = [
  {
    name: 'knowledge.read-articles',
    title: 'Read the knowledge base',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
  },
  {
    name: 'knowledge.write-articles',
    title: 'Write, publish and archive articles of the knowledge base',
    roles: ['administrator', 'manager', 'technician'],
  },
  {
    name: 'knowledge.read-in-portal',
    title: 'Read articles in the portal and say whether they helped',
    roles: ['portal'],
  },
];
