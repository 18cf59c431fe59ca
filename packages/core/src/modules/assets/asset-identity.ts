/**
 * What tells one machine from another, strongest first. `source-key` is the name under which the source itself knows the machine (an agent's id, a
 * plugin's external id); the others are read from the machine and may be copied with it.
 */
export const EVIDENCE_KINDS = ['source-key', 'smbios-uuid', 'machine-id', 'serial-number', 'mac-address'] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

export interface EvidenceItem {
  readonly kind: EvidenceKind;
  readonly value: string;
}

/** What a source gives to tell its machine from others. */
export interface MachineEvidence {
  readonly sourceKey?: string | undefined;
  readonly smbiosUuid?: string | undefined;
  readonly machineId?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly macAddresses?: readonly string[] | undefined;
}

/** An asset of the client that shares some evidence, with all evidence known of it. */
export interface Candidate<AssetId extends string = string> {
  readonly assetId: AssetId;
  readonly evidence: readonly EvidenceItem[];
}

export type Verdict<AssetId extends string = string> =
  | { readonly kind: 'matched'; readonly assetId: AssetId; readonly by: EvidenceKind }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ambiguous'; readonly candidateIds: readonly AssetId[]; readonly reason: string };

/** What vendors write where nobody filled in a serial number (collected from SMBIOS tables in the field; GLPI and Snipe-IT keep like lists). */
const EMPTY_SERIALS =
  /^(0+|1234567(89?0?)?|x+|-+|\.+|n\/?a|none|null|unknown|default( string)?|not (specified|applicable|available|settable)|invalid|oem|empty|system serial number|chassis serial number|to be filled( by o\.?e\.?m\.?)?|serial( number)?)$/i;
/** All zeros, all ones, and the value of boards whose maker left AMI's sample in. */
const EMPTY_UUIDS = /^(0{8}-(0{4}-){3}0{12}|f{8}-(f{4}-){3}f{12}|03000200-0400-0500-0006-000700080009)$/i;

/** The usable part of what a source gives, normalised: placeholders and addresses that software makes up prove nothing. */
export function usableEvidence(source: string, given: MachineEvidence): EvidenceItem[] {
  const items: EvidenceItem[] = [];
  const add = (kind: EvidenceKind, value: string | undefined, isUsable: (value: string) => boolean): void => {
    if (value !== undefined && value.length >= 3 && isUsable(value)) items.push({ kind, value });
  };
  if (given.sourceKey !== undefined) items.push({ kind: 'source-key', value: `${source}:${given.sourceKey}` });
  add('smbios-uuid', given.smbiosUuid?.toLowerCase(), (value) => !EMPTY_UUIDS.test(value));
  add('machine-id', given.machineId?.toLowerCase(), (value) => !/^0+$/.test(value));
  add('serial-number', given.serialNumber?.trim().toUpperCase(), (value) => !EMPTY_SERIALS.test(value));
  for (const address of new Set(given.macAddresses?.map((mac) => mac.toLowerCase())))
    add('mac-address', address, isBurnedIn);
  return items;
}

/** Locally administered and multicast addresses (IEEE 802, bits 0 and 1 of the first octet) are made up by bridges, containers and privacy features. */
function isBurnedIn(address: string): boolean {
  const first = Number.parseInt(address.slice(0, 2), 16);
  return (first & 0b11) === 0 && address !== '00:00:00:00:00:00';
}

/**
 * Says which asset the evidence speaks of. The strongest kind that points at anything decides; where it points at several, weaker kinds may narrow them to one.
 * An asset whose own stronger evidence says otherwise is none of them: a cloned disk carries the machine id along, not the SMBIOS uuid. Never guesses.
 */
export function identify<AssetId extends string>(
  evidence: readonly EvidenceItem[],
  candidates: readonly Candidate<AssetId>[],
): Verdict<AssetId> {
  let remaining: readonly Candidate<AssetId>[] | null = null;
  for (const kind of EVIDENCE_KINDS) {
    const values = evidence.filter((item) => item.kind === kind).map((item) => item.value);
    if (values.length === 0) continue;
    const pool: readonly Candidate<AssetId>[] = remaining ?? candidates;
    const sharing = pool.filter(
      (candidate) =>
        candidate.evidence.some((item) => item.kind === kind && values.includes(item.value)) &&
        (remaining !== null || !isContradicted(candidate, evidence, kind)),
    );
    const [only] = sharing;
    if (only !== undefined && sharing.length === 1) return { kind: 'matched', assetId: only.assetId, by: kind };
    if (sharing.length > 1) remaining = sharing;
  }
  if (remaining === null) return { kind: 'unknown' };
  return {
    kind: 'ambiguous',
    candidateIds: remaining.map((candidate) => candidate.assetId),
    reason: `${remaining.length} assets share this evidence and nothing tells them apart`,
  };
}

/**
 * What speaks against a match by weaker evidence. Source keys never do (a machine that enrols anew has a new one), and a machine id only against a network
 * card: cards move, and a system that was installed anew keeps its board.
 */
const CONTRADICTED_BY: Readonly<Record<EvidenceKind, readonly EvidenceKind[]>> = {
  'source-key': [],
  'smbios-uuid': [],
  'machine-id': ['smbios-uuid'],
  'serial-number': ['smbios-uuid'],
  'mac-address': ['smbios-uuid', 'machine-id', 'serial-number'],
};

function isContradicted(candidate: Candidate, evidence: readonly EvidenceItem[], by: EvidenceKind): boolean {
  return CONTRADICTED_BY[by].some((kind) => {
    const theirs = candidate.evidence.filter((item) => item.kind === kind).map((item) => item.value);
    const ours = evidence.filter((item) => item.kind === kind).map((item) => item.value);
    return theirs.length > 0 && ours.length > 0 && !ours.some((value) => theirs.includes(value));
  });
}
