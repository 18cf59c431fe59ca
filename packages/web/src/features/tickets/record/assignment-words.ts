/** How a team’s person for a ticket is found. */
export const METHODS = [
  { value: 'round-robin', label: 'In turn', hint: 'Whoever of the team waits longest for a ticket.' },
  { value: 'least-load', label: 'Least load', hint: 'Whoever has the fewest open tickets.' },
  { value: 'skill', label: 'By skill', hint: 'Whoever knows it best; among equals, who has least.' },
  { value: 'manual', label: 'The team decides', hint: 'Nobody gets it; the team picks it up.' },
] as const;
