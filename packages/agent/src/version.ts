/** The agent's own version, as it tells the server. */
export const AGENT_VERSION = '0.1.0';
