import { durationText } from '#web/ui/relative-time/time-text.ts';

const STEPS_SECONDS = [60, 300, 900, 1800, 3600, 14_400, 43_200, 86_400, 604_800];

/** What a stream's rhythm can be: the plugin's own (an ISO 8601 duration; its value is empty), then slower ones in seconds. One that was set elsewhere stays choosable. */
export function rhythmChoices(every: string, setSeconds: number | null): { value: string; label: string }[] {
  const ownSeconds = Temporal.Duration.from(every).total({ unit: 'seconds', relativeTo: '2026-01-01' });
  const slower = STEPS_SECONDS.filter((seconds) => seconds > ownSeconds);
  const offered = setSeconds === null ? slower : [...new Set([...slower, setSeconds])].toSorted((a, b) => a - b);
  return [
    { value: '', label: `Every ${durationText(ownSeconds)}, as the plugin asks for` },
    ...offered.map((seconds) => ({ value: String(seconds), label: `Every ${durationText(seconds)}` })),
  ];
}
