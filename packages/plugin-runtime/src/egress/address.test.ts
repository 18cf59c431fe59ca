import { describe, expect, it } from 'vitest';
import { classifyAddress, isInNetwork } from './address.ts';

describe('classifyAddress', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '100.64.0.1',
    '198.18.0.1',
    '::1',
    'fd12::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::10.0.0.1',
    '::10.0.0.1',
    '0:0:0:0:0:ffff:c0a8:1',
  ])('%s is private', (address) => {
    expect(classifyAddress(address)).toBe('private');
  });

  it.each([
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    'fe80::1',
    'fe80::1%eth0',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    'ff02::1',
    '255.255.255.255',
    '240.0.0.1',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.9',
    '192.88.99.1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    '64:ff9b:1::1',
    '3fff::1',
    '5f00::1',
    'fec0::1',
    '100::1',
    'fd00:ec2::254',
    '168.63.129.16',
    '100.100.100.200',
    '192.0.0.192',
    '',
    'localhost',
    '127.1',
    '1.2.3.4.5',
  ])('%s is never reached', (address) => {
    expect(classifyAddress(address)).toBe('never');
  });

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '192.175.48.1',
  ])('%s is public', (address) => {
    expect(classifyAddress(address)).toBe('public');
  });
});

describe('isInNetwork', () => {
  it('reads blocks and single addresses, in any notation', () => {
    expect(isInNetwork('10.1.2.3', '10.1.0.0/16')).toBe(true);
    expect(isInNetwork('::ffff:10.1.2.3', '10.1.0.0/16')).toBe(true);
    expect(isInNetwork('10.2.2.3', '10.1.0.0/16')).toBe(false);
    expect(isInNetwork('fd12::5', 'fd12:0::/32')).toBe(true);
    expect(isInNetwork('::1', '::1')).toBe(true);
  });

  it.each(['', '/8', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/x', '0x0a.0.0.0/8', 'lan'])(
    '%j holds nothing',
    (network) => {
      expect(isInNetwork('10.0.0.1', network)).toBe(false);
    },
  );
});
