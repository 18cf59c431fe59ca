import { statSync } from 'node:fs';
import { fitText, LIMITS, type InstalledPackage, type Software } from '@bailiwick/agent-protocol';
import { dropUndefined } from './hardware.ts';
import type { RunCommand } from './run-command.ts';

/** All packages that this machine's package managers have installed; undefined if it has none that we know. */
export async function collectSoftware(run: RunCommand): Promise<Software | undefined> {
  const dpkg = await run('dpkg-query', ['-W', '-f', DPKG_FORMAT]);
  const rpm = await run('rpm', ['-qa', '--qf', RPM_FORMAT]);
  if (dpkg.exitCode !== 0 && rpm.exitCode !== 0) return undefined;
  const packages = [...parseDpkg(dpkg.stdout, installedAt), ...parseRpm(rpm.stdout)].toSorted((first, second) =>
    first.name < second.name ? -1 : 1,
  );
  return { isComplete: packages.length <= LIMITS.packages, packages: packages.slice(0, LIMITS.packages) };
}

const DPKG_FORMAT =
  '${db:Status-Status}\\t${Package}\\t${Version}\\t${Architecture}\\t${Installed-Size}\\t${Maintainer}\\n';
const RPM_FORMAT =
  '%{NAME}\\t%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{SIZE}\\t%{INSTALLTIME}\\t%{VENDOR}\\n';

/** `dpkg-query -W` in our format. Packages whose configuration alone is left are not installed. */
export function parseDpkg(
  text: string,
  installedAtOf: (name: string, architecture: string) => string | undefined,
): InstalledPackage[] {
  return text.split('\n').flatMap((line) => {
    const [status, name, version, architecture, sizeKib, maintainer] = line.split('\t');
    if (status !== 'installed' || !name || !version) return [];
    const bytes = Number(sizeKib) * 1024;
    return [
      {
        name: fitText(name, 300),
        version: fitText(version, 300),
        manager: 'deb',
        ...dropUndefined({
          architecture: architecture ? fitText(architecture, 50) : undefined,
          sizeBytes: Number.isSafeInteger(bytes) && sizeKib !== '' ? bytes : undefined,
          publisher: maintainer ? fitText(maintainer.replace(/\s*<[^>]*>\s*$/, ''), 300) || undefined : undefined,
          installedAt: installedAtOf(name, architecture ?? ''),
        }),
      },
    ];
  });
}

/** dpkg keeps no times, but writes each package's list of files when it is installed or upgraded. */
function installedAt(name: string, architecture: string): string | undefined {
  for (const file of [`/var/lib/dpkg/info/${name}.list`, `/var/lib/dpkg/info/${name}:${architecture}.list`]) {
    try {
      return Temporal.Instant.fromEpochMilliseconds(Math.trunc(statSync(file).mtimeMs / 1000) * 1000).toString();
    } catch {
      // The other name, or none.
    }
  }
  return undefined;
}

/** `rpm -qa` in our format; `(none)` is rpm's word for nothing. */
export function parseRpm(text: string): InstalledPackage[] {
  return text.split('\n').flatMap((line) => {
    const [name, version, architecture, size, installTime, vendor] = line
      .split('\t')
      .map((field) => (field === '(none)' ? '' : field));
    // Imported signing keys are listed as packages.
    if (!name || !version || name === 'gpg-pubkey') return [];
    const seconds = Number(installTime);
    const bytes = Number(size);
    return [
      {
        name: fitText(name, 300),
        version: fitText(version, 300),
        manager: 'rpm',
        ...dropUndefined({
          architecture: architecture ? fitText(architecture, 50) : undefined,
          sizeBytes: size && Number.isSafeInteger(bytes) ? bytes : undefined,
          publisher: vendor ? fitText(vendor, 300) : undefined,
          installedAt:
            Number.isSafeInteger(seconds) && seconds > 0
              ? Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toString()
              : undefined,
        }),
      },
    ];
  });
}
