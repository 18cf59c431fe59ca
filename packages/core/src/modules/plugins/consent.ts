/** One right that a plugin asks for, in words that an administrator decides by. */
export interface ConsentItem {
  /** Stable: `records:device`, `egress:api.example.com`. What an update adds is told by comparing these. */
  readonly key: string;
  /** A whole sentence. */
  readonly text: string;
  /** `high`: it can change or destroy something at the vendor. */
  readonly risk: 'low' | 'medium' | 'high';
}
