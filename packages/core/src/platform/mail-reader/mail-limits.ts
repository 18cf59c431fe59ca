/** How much of one mail is read. What lies beyond is in the raw mail still, and a warning says so. */
export const MAIL_LIMITS = {
  /** Common servers take up to 25 MB, and base64 adds a third; of a larger mail only the header is read. */
  mailBytes: 40 * 1024 * 1024,
  headerFields: 1000,
  /** 5,000 recipients with names take some 300 kB. */
  headerBytes: 1024 * 1024,
  /** RFC 5322 allows a line of 998. */
  subjectCharacters: 998,
  recipients: 1000,
  references: 100,
  /** Forwarded again and again, real mails come to 8 or so. */
  depth: 30,
  parts: 1000,
  /** Lines that begin with two dashes and are looked up as boundaries; a long diff has some 10,000. */
  dashedLines: 200_000,
  /** Of all texts together, before they are cut to characters; enough for a uuencoded file of 2 MB. */
  textBytes: 3 * 1024 * 1024,
  /** As much as a mail of ours may have. */
  textCharacters: 1_000_000,
  htmlCharacters: 1_000_000,
  /** Elements that are open at once; the parser looks through all of them at each end tag. */
  htmlDepth: 500,
  htmlTags: 10_000,
  /** Tags, lone less-than signs and entities. */
  htmlMarks: 100_000,
  notes: 50,
} as const;
