import { randomUUID } from 'node:crypto';
import { seconds } from './present.ts';
import type { Device } from './world.ts';

/** Something that was asked of a device: it starts when the device is online, and ends some time later. */
interface Job {
  readonly uid: string;
  readonly deviceId: number;
  readonly kind: 'script' | 'reboot';
  readonly name: string;
  readonly failsAtEnd: boolean;
  readonly createdAt: Temporal.Instant;
  startedAt: Temporal.Instant | undefined;
}

/** One line of the activity log. */
export interface Activity {
  readonly id: number;
  readonly activityTime: number;
  readonly deviceId: number;
  readonly seriesUid: string;
  readonly activityType: string;
  readonly statusCode: string;
  readonly status: string;
  readonly activityResult?: string;
  readonly sourceName: string;
  readonly subject: string;
  readonly message: string;
  readonly type: string;
}

/** The running jobs and the activity log. */
export class Jobs {
  readonly #now: () => Temporal.Instant;
  readonly #jobMs: number;
  readonly #onActivity: (activity: Activity) => void;
  readonly #running: Job[] = [];
  readonly #activities: Activity[] = [];

  constructor(options: { now: () => Temporal.Instant; jobMs: number; onActivity: (activity: Activity) => void }) {
    this.#now = options.now;
    this.#jobMs = options.jobMs;
    this.#onActivity = options.onActivity;
  }

  request(device: Device, kind: Job['kind'], name: string, failsAtEnd = false): void {
    const job: Job = {
      uid: randomUUID(),
      deviceId: device.id,
      kind,
      name,
      failsAtEnd,
      createdAt: this.#now(),
      startedAt: undefined,
    };
    this.#running.push(job);
    this.#log(job, 'START_REQUESTED');
  }

  /** Lets time pass for the jobs of these devices. */
  advance(devices: readonly Device[]): void {
    for (const job of this.#running.slice()) {
      const device = devices.find((one) => one.id === job.deviceId);
      if (device === undefined || device.isOffline) continue;
      if (job.startedAt === undefined) {
        job.startedAt = this.#now();
        this.#log(job, 'STARTED');
      }
      if (job.startedAt.until(this.#now()).total('milliseconds') < this.#jobMs) continue;
      this.#running.splice(this.#running.indexOf(job), 1);
      this.#log(job, 'COMPLETED', job.failsAtEnd ? 'FAILURE' : 'SUCCESS');
    }
  }

  /** The jobs that have not ended. */
  active(deviceIds: ReadonlySet<number>): readonly object[] {
    return this.#running
      .filter((job) => deviceIds.has(job.deviceId))
      .map((job) => ({
        uid: job.uid,
        deviceId: job.deviceId,
        message: job.name,
        createTime: seconds(job.createdAt),
        updateTime: seconds(job.startedAt ?? job.createdAt),
        sourceName: job.name,
        subject: job.name,
        jobStatus: job.startedAt === undefined ? 'START_REQUESTED' : 'IN_PROCESS',
        jobType: 'ACTION',
      }));
  }

  /** The log, newest first. */
  activities(deviceIds: ReadonlySet<number>): readonly Activity[] {
    return this.#activities.filter((activity) => deviceIds.has(activity.deviceId)).toReversed();
  }

  /** Writes a line of the log that is about no job, such as of an alert. */
  record(activity: Omit<Activity, 'id' | 'activityTime'>): void {
    const line: Activity = { id: this.#activities.length + 1, activityTime: seconds(this.#now()), ...activity };
    this.#activities.push(line);
    this.#onActivity(line);
  }

  #log(job: Job, statusCode: string, activityResult?: string): void {
    this.record({
      deviceId: job.deviceId,
      seriesUid: job.uid,
      activityType: job.kind === 'script' ? 'ACTION' : 'SYSTEM',
      statusCode: job.kind === 'reboot' && statusCode === 'COMPLETED' ? 'SYSTEM_REBOOTED' : statusCode,
      status: statusCode.replaceAll('_', ' ').toLowerCase(),
      ...(activityResult === undefined ? {} : { activityResult }),
      sourceName: job.name,
      subject: job.name,
      message: `${job.name}: ${statusCode.toLowerCase()}`,
      type: job.kind === 'script' ? 'Action' : 'System',
    });
  }
}
