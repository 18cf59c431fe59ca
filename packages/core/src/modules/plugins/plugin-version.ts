/** Whether a semantic version comes before another (semver.org §11); both were checked when their manifests were read. */
export function isOlder(version: string, than: string): boolean {
  return compare(version, than) < 0;
}

function compare(one: string, other: string): number {
  const [core, before] = split(one);
  const [otherCore, otherBefore] = split(other);
  const byCore = compareLists(core, otherCore);
  if (byCore !== 0) return byCore;
  // A pre-release comes before its release.
  if (before.length === 0 || otherBefore.length === 0) return otherBefore.length - before.length;
  return compareLists(before, otherBefore);
}

function split(version: string): [string[], string[]] {
  const dash = version.indexOf('-');
  if (dash === -1) return [version.split('.'), []];
  return [version.slice(0, dash).split('.'), version.slice(dash + 1).split('.')];
}

function compareLists(one: readonly string[], other: readonly string[]): number {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const [a, b] = [one[index], other[index]];
    if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
    const difference = compareParts(a, b);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareParts(a: string, b: string): number {
  const isNumber = /^\d+$/;
  if (isNumber.test(a) && isNumber.test(b)) return Number(a) - Number(b);
  // Numbers come before words.
  if (isNumber.test(a) !== isNumber.test(b)) return isNumber.test(a) ? -1 : 1;
  return a === b ? 0 : a < b ? -1 : 1;
}
