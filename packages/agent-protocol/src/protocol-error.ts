/** Why a message was refused, by either side. `code` is stable (`agent.…`); the message is for people. */
export class ProtocolError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ProtocolError';
    this.code = code;
  }
}
