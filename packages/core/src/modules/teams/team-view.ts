import { z } from 'zod';
import { idSchema } from '#kernel/id';

export const memberView = z.object({
  staffId: idSchema('staff'),
  name: z.string(),
  isLead: z.boolean(),
  /** True at this moment. */
  isAway: z.boolean(),
});
export const teamView = z.object({
  id: idSchema('team'),
  name: z.string(),
  isActive: z.boolean(),
  members: z.array(memberView),
  version: z.int(),
});
export const skillView = z.object({
  id: idSchema('team-skill'),
  name: z.string(),
  /** 3 is an expert, 1 a beginner. */
  people: z.array(z.object({ staffId: idSchema('staff'), name: z.string(), level: z.int() })),
});
export const absenceView = z.object({
  id: idSchema('team-absence'),
  staffId: idSchema('staff'),
  name: z.string(),
  startsAt: z.iso.datetime(),
  /** Null is until further notice. */
  endsAt: z.iso.datetime().nullable(),
  note: z.string(),
});
