import type { Generated } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { StaffId } from '#modules/identity';

export type TeamId = Id<'team'>;
export type TeamSkillId = Id<'team-skill'>;
export type TeamAbsenceId = Id<'team-absence'>;

export interface TeamTables {
  team: {
    msp_id: MspId;
    id: TeamId;
    name: string;
    is_active: Generated<boolean>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  team_member: {
    msp_id: MspId;
    team_id: TeamId;
    staff_id: StaffId;
    is_lead: Generated<boolean>;
    last_assigned_at: Temporal.Instant | null;
  };
  team_skill: { msp_id: MspId; id: TeamSkillId; name: string; created_at: Temporal.Instant };
  team_skill_level: { msp_id: MspId; staff_id: StaffId; skill_id: TeamSkillId; level: number };
  team_absence: {
    msp_id: MspId;
    id: TeamAbsenceId;
    staff_id: StaffId;
    starts_at: Temporal.Instant;
    ends_at: Temporal.Instant | null;
    note: Generated<string>;
    created_at: Temporal.Instant;
  };
}

/** As much of the staff as teams need. */
export interface StaffTables {
  identity_staff: {
    msp_id: MspId;
    id: StaffId;
    name: string;
    removed_at: Temporal.Instant | null;
    expires_at: Temporal.Instant | null;
    reach: 'all' | 'only' | 'except';
    reach_clients: ClientId[];
  };
}
