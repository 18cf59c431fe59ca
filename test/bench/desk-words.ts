/** Words that every desk sees again and again: the first ones in far more tickets than the last. */
const EVERYDAY =
  'printer outlook password vpn laptop slow error network mailbox teams account login screen backup server email update install access phone disk sharepoint monitor license wifi scanner excel folder onedrive certificate reset shared calendar drive request user office update driver browser sync battery keyboard docking guest firewall domain policy group quota restore camera headset spam invoice portal token remote session'.split(
    ' ',
  );
const SYLLABLES = 'ka lo mi ru ten dor vas pel qui zan bre sti nor fal gim hud'.split(' ');
const WORDS = 6000;

/** The nth word of a made vocabulary: everyday ones first, then ever rarer names of machines, products and people. */
function word(n: number): string {
  const known = EVERYDAY[n];
  if (known !== undefined) return known;
  let text = '';
  for (let rest = n; rest > 0; rest = Math.floor(rest / SYLLABLES.length)) text += SYLLABLES[rest % SYLLABLES.length];
  return `${text}${n % 7}`;
}

/** Numbers from 0 to 1, the same in each run (Park and Miller's generator). */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** The first forty words are about as frequent as each other: each in every seventh comment. */
const PLATEAU = 40;

/** So many pieces of text of so many words, words spread as in language: their frequency falls with their rank. */
export function makeSentences(count: number, length: number): string[] {
  const random = makeRandom(count * 31 + length);
  const pick = (): string => word(Math.floor(PLATEAU * ((WORDS / PLATEAU + 1) ** random() - 1)));
  return Array.from({ length: count }, () => Array.from({ length }, pick).join(' '));
}

/** What tickets begin with. */
export function makeSubjects(): string[] {
  return makeSentences(3000, 4);
}

/** What is searched for, from a word in every seventh comment to one in a few tickets. */
export const SEARCHES: readonly string[] = [
  'printer',
  'outlook password',
  'vpn slow',
  word(300),
  word(1500),
  word(4000),
  `${word(90)} ${word(700)}`,
  'certif',
  'print',
  `mailbox ${word(2500)}`,
];
