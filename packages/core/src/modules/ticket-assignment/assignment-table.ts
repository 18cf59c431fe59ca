import type { Generated } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { DeskCategoryId, TicketType } from '#modules/desk-catalogue';
import type { AssignmentMethod, TeamId, TeamSkillId } from '#modules/teams';
import type { TicketQueueId } from '#modules/tickets';

export type AssignmentRuleId = Id<'assignment-rule'>;

export interface AssignmentTables {
  assignment_rule: {
    msp_id: MspId;
    id: AssignmentRuleId;
    name: string;
    place: number;
    is_active: Generated<boolean>;
    client_ids: Generated<ClientId[]>;
    category_ids: Generated<DeskCategoryId[]>;
    queue_ids: Generated<TicketQueueId[]>;
    ticket_types: Generated<TicketType[]>;
    team_id: TeamId;
    method: AssignmentMethod;
    skill_id: TeamSkillId | null;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
}
