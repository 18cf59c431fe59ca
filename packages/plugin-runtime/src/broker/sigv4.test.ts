import { describe, expect, it } from 'vitest';
import { signAws } from './sigv4.ts';

/** The account of the published suite (AWS Signature Version 4 test suite). */
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

function sign(method: string, path: string, headers: Record<string, string> = {}, body: string | null = null): string {
  const signed = signAws(
    {
      method,
      url: new URL(`https://example.amazonaws.com${path}`),
      headers,
      body: body === null ? null : Buffer.from(body),
      service: 'service',
      region: 'us-east-1',
      stamp: '20150830T123600Z',
    },
    credentials,
  );
  return /Signature=(\w+)/.exec(signed['authorization'] ?? '')?.[1] ?? '';
}

describe('signAws: the published vectors', () => {
  it.each([
    ['get-vanilla', 'GET', '/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    [
      'get-vanilla-query-order-key-case',
      'GET',
      '/?Param2=value2&Param1=value1',
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    ['get-vanilla-utf8-query', 'GET', '/?ሴ=bar', '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04'],
    ['post-vanilla', 'POST', '/', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  ])('%s', (_, method, path, signature) => {
    expect(sign(method, path)).toBe(signature);
  });

  it('post-x-www-form-urlencoded', () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const signature = 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a';
    expect(sign('POST', '/', headers, 'Param1=value1')).toBe(signature);
  });
});
