/**
 * Every bound of the protocol in one place. Both sides refuse what is beyond; the agent also cuts what it collects to fit, so that a
 * machine with strange contents still reports.
 */
export const LIMITS = {
  /** Whole request body. Larger than the largest single entry, small enough that 5,000 agents cannot exhaust a server. */
  requestBytes: 4 * 1024 * 1024,
  /** One entry of a report, as JSON. */
  entryBytes: 3 * 1024 * 1024,
  /** What an agent puts into one request when it catches up; a bigger single entry goes alone. */
  batchBytes: 512 * 1024,
  entriesPerReport: 500,
  samplesPerEntry: 2_000,
  packages: 15_000,
  services: 4_000,
  updates: 5_000,
  disks: 256,
  filesystems: 256,
  networkInterfaces: 512,
  addressesPerInterface: 64,
  ordersPerPoll: 10,
  longPollSeconds: 50,
  scriptBytes: 256 * 1024,
  scriptArguments: 64,
  scriptArgumentLength: 4_096,
  scriptTimeoutSeconds: 6 * 3600,
  updatesPerOrder: 500,
  outputChunkLength: 16 * 1024,
  /** Output kept of one order, both channels together; the rest is counted and dropped. */
  outputBytes: 1024 * 1024,
  /** How far the clocks of agent and server may differ before a signed request or order is refused. */
  clockSkewSeconds: 300,
  /** An order lives no longer than this, whatever its sender writes. */
  orderLifeSeconds: 7 * 24 * 3600,
  /** Samples and reports from before this are refused: a spool is not an archive. */
  reportAgeSeconds: 31 * 24 * 3600,
} as const;
