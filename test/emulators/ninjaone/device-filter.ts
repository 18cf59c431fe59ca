import { NinjaError } from './ninja-error.ts';
import type { Device } from './world.ts';

type Test = (device: Device) => boolean;

/** Reads a device filter (`df`): terms joined by AND, such as `org = 1 AND class in (WINDOWS_SERVER, MAC) AND online`. */
export function readDeviceFilter(filter: string | undefined): Test {
  if (filter === undefined || filter.trim() === '') return () => true;
  const tests = filter.split(/\s+AND\s+/iu).map((term) => readTerm(term.trim()));
  return (device) => tests.every((test) => test(device));
}

function readTerm(term: string): Test {
  if (/^online$/iu.test(term)) return (device) => !device.isOffline;
  if (/^offline$/iu.test(term)) return (device) => device.isOffline;
  const match = /^(\w+)\s*(?:(=|!=)\s*([\w-]+)|(in|notin)\s*\(([^)]*)\))$/iu.exec(term);
  if (match === null) throw new NinjaError(400, `Invalid device filter: ${term}`);
  const [, name = '', sign, one = '', word, several = ''] = match;
  const values = sign === undefined ? several.split(',').map((value) => value.trim()) : [one];
  const isNegated = sign === '!=' || word?.toLowerCase() === 'notin';
  const value = valueOf(name.toLowerCase());
  return (device) => values.some((wanted) => wanted.toLowerCase() === value(device).toLowerCase()) !== isNegated;
}

function valueOf(name: string): (device: Device) => string {
  switch (name) {
    case 'id':
      return (device) => String(device.id);
    case 'org':
    case 'organization':
      return (device) => String(device.organizationId);
    case 'class':
      return (device) => device.nodeClass;
    case 'status':
      return (device) => device.approvalStatus;
    default:
      throw new NinjaError(400, `Invalid device filter: ${name}`);
  }
}
