import { describe, expect, it } from 'vitest';
import { machineInventorySchema } from './machine-inventory.ts';

describe('machineInventorySchema', () => {
  it('names the field that cannot be stored', () => {
    const refused = (inventory: unknown) =>
      machineInventorySchema
        .safeParse(inventory)
        .error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    expect(refused({ hostname: 'a\0b' })).toEqual(['hostname must not contain a NUL character']);
    expect(refused({ hostname: 'ok', hardware: { model: 'x\u{D800}' } })).toEqual([
      'hardware.model must not contain an unpaired surrogate',
    ]);
    expect(
      refused({ hostname: 'ok', networkInterfaces: [{ name: 'e', isUp: true, macAddress: 'zz', addresses: [] }] })?.[0],
    ).toContain('networkInterfaces.0.macAddress must be a MAC address');
  });
});
