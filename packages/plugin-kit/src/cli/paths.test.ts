import { posix, win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callerPath } from './paths.ts';

describe('callerPath', () => {
  it('starts where the author called from', () => {
    expect(callerPath('my plugins/acme', '/srv/ada', posix)).toBe('/srv/ada/my plugins/acme');
    expect(callerPath('.', '/srv/ada/acme', posix)).toBe('/srv/ada/acme');
    expect(callerPath('/srv/acme', '/srv/ada', posix)).toBe('/srv/acme');
  });

  it('takes paths of Windows, with either separator, on any drive', () => {
    const from = 'C:\\Users\\Ada Lovelace';
    expect(callerPath('my plugins\\acme', from, win32)).toBe('C:\\Users\\Ada Lovelace\\my plugins\\acme');
    expect(callerPath('my plugins/acme', from, win32)).toBe('C:\\Users\\Ada Lovelace\\my plugins\\acme');
    expect(callerPath('D:\\acme', from, win32)).toBe('D:\\acme');
    expect(callerPath('\\\\server\\share\\acme', from, win32)).toBe('\\\\server\\share\\acme');
  });
});
