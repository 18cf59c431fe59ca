import { describe, expect, it } from 'vitest';
import { judgeSender, NAMELESS_SERVER } from './sender-authentication.ts';

const MX = 'mx.msp.example';
const VECTORS: readonly (readonly [string, readonly string[], string])[] = [
  ['DMARC passed', [`${MX}; dmarc=pass (p=reject) header.from=a.example`], 'passed'],
  ['DMARC failed', [`${MX}; spf=pass smtp.mailfrom=evil.example; dmarc=fail header.from=a.example`], 'failed'],
  ['SPF failed and nothing speaks for it', [`${MX}; spf=fail smtp.mailfrom=a.example; dkim=none`], 'failed'],
  [
    'SPF failed behind a forwarder, DKIM of the sender passed',
    [`${MX}; spf=fail smtp.mailfrom=a.example; dkim=pass header.d=a.example`],
    'passed',
  ],
  [
    'SPF failed, DKIM of somebody else passed',
    [`${MX}; spf=fail smtp.mailfrom=a.example; dkim=pass header.d=evil.example`],
    'failed',
  ],
  ['DKIM of a part of the sender’s domain', [`${MX}; dkim=pass header.i=@mail.a.example`], 'passed'],
  ['DKIM failed', [`${MX}; dkim=fail header.d=a.example; spf=none`], 'failed'],
  ['SPF is soft', [`${MX}; spf=softfail smtp.mailfrom=a.example`], 'unknown'],
  ['another server says so', ['elsewhere.example; dmarc=fail'], 'unknown'],
  ['a forged pass below a failure', [`${MX}; spf=fail smtp.mailfrom=a.example`, `${MX}; dmarc=pass`], 'failed'],
  ['a forged pass below nothing', [`${MX}; spf=none`, `${MX}; dmarc=pass`], 'unknown'],
  ['two programs of the server', [`${MX}; dmarc=pass`, `${MX}; dkim=pass header.d=a.example`], 'passed'],
  ['a failure in any of them', [`${MX}; spf=pass smtp.mailfrom=a.example`, `${MX}; dmarc=fail`], 'failed'],
  ['a pass within a comment', [`${MX}; spf=fail (dmarc=pass) smtp.mailfrom=a.example`], 'failed'],
  ['a version after the name', [`${MX} 1; dmarc=pass`], 'passed'],
  ['nothing at all', [], 'unknown'],
];

describe('judgeSender', () => {
  it.each(VECTORS)('%s', (_, fields, verdict) => {
    expect(judgeSender(fields, MX, 'a.example').verdict).toBe(verdict);
  });

  it('reads Microsoft’s, which has no name, and believes nobody where no server is trusted', () => {
    expect(
      judgeSender(
        ['spf=fail (x) smtp.mailfrom=a.example; dkim=none; dmarc=fail action=quarantine'],
        NAMELESS_SERVER,
        'a.example',
      ).verdict,
    ).toBe('failed');
    expect(judgeSender(['spf=pass smtp.mailfrom=a.example; dmarc=pass'], NAMELESS_SERVER, 'a.example').verdict).toBe(
      'passed',
    );
    expect(judgeSender([`${MX}; dmarc=fail`], null, 'a.example').verdict).toBe('unknown');
  });
});
