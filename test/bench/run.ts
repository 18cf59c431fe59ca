// `npm run --silent bench -- <name> …`: measures, and prints one JSON line a figure; without names, everything.
import { progress } from './figures.ts';

interface Bench {
  /** Measured on one filling of a database. */
  readonly names: readonly string[];
  readonly run: (names: readonly string[]) => Promise<void>;
}

const benches: readonly Bench[] = [
  { names: ['rls-point-read', 'rls-list'], run: async (names) => (await import('./rls.ts')).benchRls(names) },
  { names: ['api-ticket-list'], run: async () => (await import('./api-ticket-list.ts')).benchApiTicketList() },
  { names: ['desk-queue'], run: async () => (await import('./desk-queue.ts')).benchDeskQueue() },
  { names: ['metric-ingest'], run: async () => (await import('./metric-ingest.ts')).benchMetricIngest() },
  { names: ['agents'], run: async () => (await import('./agents.ts')).benchAgents() },
  { names: ['plugin-sync'], run: async () => (await import('./plugin-sync.ts')).benchPluginSync() },
  { names: ['sla-replay'], run: async () => (await import('./sla-replay.ts')).benchSlaReplay() },
  { names: ['mail-intake'], run: async () => (await import('./mail-intake.ts')).benchMailIntake() },
  { names: ['sla-sweep'], run: async () => (await import('./sla-sweep.ts')).benchSlaSweep() },
  { names: ['plugin-start'], run: async () => (await import('./plugin-start.ts')).benchPluginStart() },
  { names: ['plugin-author'], run: async () => (await import('./plugin-author.ts')).benchPluginAuthor() },
];

const known = benches.flatMap((bench) => bench.names);
const wanted = process.argv.length > 2 ? process.argv.slice(2) : known;
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  progress(`There is no bench ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  process.exit(1);
}
for (const bench of benches) {
  const names = bench.names.filter((name) => wanted.includes(name));
  if (names.length > 0) await bench.run(names);
}
