/** The emulator's time: the real time until a test moves it forward. It never goes back. */
export class EmulatorClock {
  private offset = Temporal.Duration.from({ seconds: 0 });

  now(): Temporal.Instant {
    return Temporal.Now.instant().add(this.offset);
  }

  /** Moves the time forward. Days and longer units count 24 hours a day. */
  advance(duration: Temporal.DurationLike): void {
    const { days, hours, minutes, seconds } = Temporal.Duration.from(duration);
    this.offset = this.offset.add({ hours: hours + days * 24, minutes, seconds });
  }

  isPast(instant: Temporal.Instant): boolean {
    return Temporal.Instant.compare(instant, this.now()) <= 0;
  }
}

/** As Graph prints times: UTC to the second. */
export function graphTime(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'second' });
}
