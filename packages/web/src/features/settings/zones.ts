/** All zones; the stored one first, for it may go by a name that this browser does not list. */
export function zones(current: string): { value: string; label: string }[] {
  const names = new Set([current, ...Intl.supportedValuesOf('timeZone')]);
  return [...names].map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }));
}
