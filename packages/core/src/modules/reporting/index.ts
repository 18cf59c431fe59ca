/**
 * How the desk does, in numbers that cannot be gamed: each with what it is a share of, with what it leaves out and why, and with the tickets behind it.
 * Owns no table: it reads what tickets, clocks and time keep.
 */
export { reportingModule } from './reporting-module.ts';
