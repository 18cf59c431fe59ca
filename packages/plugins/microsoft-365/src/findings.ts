import { defineStream, type EntityData, type RecordUpsert } from '@bailiwick/sdk';
import { partner } from './connection.ts';
import { type GraphContext, listAll } from './graph.ts';

/** One recommendation of Microsoft Secure Score. */
interface ControlProfile {
  readonly id: string;
  readonly title?: string | null;
  readonly controlCategory?: string | null;
  readonly service?: string | null;
  readonly maxScore?: number | null;
  readonly remediation?: string | null;
  readonly remediationImpact?: string | null;
  readonly deprecated?: boolean | null;
  readonly controlStateUpdates?: readonly {
    readonly state?: string | null;
    readonly updatedDateTime?: string | null;
  }[];
}

interface ControlScore {
  readonly controlName: string;
  readonly score?: number | null;
  readonly description?: string | null;
}

interface SecureScore {
  readonly createdDateTime: string;
  readonly controlScores?: readonly ControlScore[];
}

/** Recommendations of Secure Score, with what the tenant has reached of each. */
export const findings = defineStream(partner, {
  name: 'secure-score',
  label: 'Secure score',
  entity: 'finding',
  mode: 'full',
  grain: 'scope',
  // Microsoft computes it once a day.
  every: 'PT12H',
  async *read(ctx) {
    const latest = await readLatest(ctx);
    if (latest === undefined) return;
    const profiles = await listAll<ControlProfile>(ctx, 'security/secureScoreControlProfiles');
    const byName = new Map(profiles.map((profile) => [profile.id, profile] as const));
    const upserts = (latest.controlScores ?? []).flatMap((score) => {
      const profile = byName.get(score.controlName);
      return profile === undefined || profile.deprecated === true ? [] : [toFinding(profile, score, latest)];
    });
    // A control may be scored twice; a record's id is unique.
    yield { upserts: [...new Map(upserts.map((upsert) => [upsert.id, upsert])).values()] };
  },
});

/** The newest score: they come newest first. Undefined for a tenant that has none yet. */
async function readLatest(ctx: GraphContext): Promise<SecureScore | undefined> {
  const { value: [latest] = [] } = await ctx.http.get<{ value?: readonly SecureScore[] }>('security/secureScores', {
    query: { $top: 1 },
  });
  return latest;
}

function toFinding(
  profile: ControlProfile,
  score: ControlScore,
  { createdDateTime }: SecureScore,
): RecordUpsert<'finding'> {
  const maxScore = profile.maxScore ?? 0;
  const reached = score.score ?? 0;
  const data: EntityData<'finding'> = {
    title: (profile.title ?? profile.id).slice(0, 300),
    description: plainText(score.description),
    severity: severityOf(maxScore),
    state: stateOf(profile, reached, maxScore),
    category: profile.controlCategory ?? undefined,
    resource: profile.service ?? undefined,
    remediation: plainText([profile.remediation, profile.remediationImpact].filter(Boolean).join('\n\n')),
    score: reached,
    maxScore,
  };
  return { id: profile.id, data, observed: { scoredAt: createdDateTime } };
}

/** What a person said of it in the portal comes before what was measured. */
function stateOf(
  { controlStateUpdates = [] }: ControlProfile,
  reached: number,
  max: number,
): EntityData<'finding'>['state'] {
  const [newest] = controlStateUpdates.toSorted((a, b) =>
    (a.updatedDateTime ?? '') < (b.updatedDateTime ?? '') ? 1 : -1,
  );
  const said = newest?.state?.toLowerCase();
  if (said === 'ignored') return 'suppressed';
  if (said === 'thirdparty' || (max > 0 && reached >= max)) return 'resolved';
  return reached > 0 || said === 'reviewed' ? 'in-progress' : 'new';
}

/** Microsoft weighs a control by its points: 10 is the most, most have 1 to 5. */
function severityOf(maxScore: number): EntityData<'finding'>['severity'] {
  if (maxScore >= 8) return 'high';
  if (maxScore >= 4) return 'medium';
  return maxScore > 0 ? 'low' : 'informational';
}

/** Descriptions are HTML; here they are shown as text. */
function plainText(html: string | null | undefined): string | undefined {
  const text = (html ?? '')
    .replaceAll(/<\/?(?:p|br|li|ul|ol|div|h\d)[^>]*>/giu, '\n')
    .replaceAll(/<[^>]*>/gu, '')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s*\n\s*/gu, '\n')
    .trim();
  return text === '' ? undefined : text.slice(0, 10_000);
}
