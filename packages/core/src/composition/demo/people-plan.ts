import type { ClientPlan, NameRegion } from './client-plan.ts';
import type { Random } from './random.ts';

interface Names {
  readonly first: readonly string[];
  readonly last: readonly string[];
  readonly dialling: string;
}

const NAMES: Readonly<Record<NameRegion, Names>> = {
  british: {
    first: [
      'Oliver',
      'Amelia',
      'Harry',
      'Isla',
      'George',
      'Grace',
      'Freya',
      'Arthur',
      'Poppy',
      'Callum',
      'Imogen',
      'Rhys',
    ],
    last: [
      'Bennett',
      'Clarke',
      'Davies',
      'Foster',
      'Hughes',
      'Khan',
      'Patel',
      'Marsh',
      'Reid',
      'Thornton',
      'Walsh',
      'Yates',
    ],
    dialling: '+44 20 7946',
  },
  german: {
    first: [
      'Anja',
      'Bernd',
      'Claudia',
      'Dieter',
      'Elif',
      'Florian',
      'Greta',
      'Heiko',
      'Jonas',
      'Katrin',
      'Lukas',
      'Miriam',
    ],
    last: [
      'Bauer',
      'Becker',
      'Fischer',
      'Hoffmann',
      'Keller',
      'Krause',
      'Lehmann',
      'Richter',
      'Schäfer',
      'Vogel',
      'Weber',
      'Yılmaz',
    ],
    dialling: '+49 711 5550',
  },
  french: {
    first: ['Camille', 'Éloïse', 'Hugo', 'Inès', 'Julien', 'Léa', 'Mathieu', 'Nora', 'Olivier', 'Sophie'],
    last: ['Bernard', 'Chevalier', 'Dubois', 'Fontaine', 'Garnier', 'Lambert', 'Moreau', 'Petit', 'Roux', 'Vidal'],
    dialling: '+33 4 7200',
  },
  norwegian: {
    first: ['Astrid', 'Bjørn', 'Eirik', 'Ingrid', 'Kari', 'Lars', 'Nils', 'Signe', 'Sindre', 'Tuva'],
    last: ['Aas', 'Berg', 'Dahl', 'Haugen', 'Johansen', 'Lie', 'Moen', 'Nygård', 'Solberg', 'Vik'],
    dialling: '+47 55 55',
  },
  american: {
    first: [
      'Ashley',
      'Brandon',
      'Carlos',
      'Denise',
      'Erica',
      'Frank',
      'Hannah',
      'Jamal',
      'Kevin',
      'Latoya',
      'Megan',
      'Scott',
    ],
    last: [
      'Alvarez',
      'Brooks',
      'Carter',
      'Donovan',
      'Flores',
      'Greene',
      'Johnson',
      'Kowalski',
      'Murphy',
      'Nguyen',
      'Price',
      'Sanders',
    ],
    dialling: '+1 617 555',
  },
  latin: {
    first: ['Agustín', 'Camila', 'Diego', 'Florencia', 'Gonzalo', 'Julieta', 'Martina', 'Nicolás'],
    last: ['Acosta', 'Benítez', 'Domínguez', 'Ferreyra', 'Giménez', 'Molina', 'Romero', 'Sosa'],
    dialling: '+54 11 5555',
  },
  japanese: {
    first: ['Aiko', 'Daichi', 'Haruka', 'Kenji', 'Mei', 'Naoki', 'Ren', 'Sakura', 'Takumi', 'Yui'],
    last: ['Fujita', 'Hayashi', 'Ishikawa', 'Kobayashi', 'Matsuda', 'Nakamura', 'Ogawa', 'Saito', 'Takeda', 'Yamamoto'],
    dialling: '+81 6 5555',
  },
  singaporean: {
    first: ['Adeline', 'Farid', 'Hui Min', 'Jun Wei', 'Kavitha', 'Marcus', 'Nurul', 'Rajesh', 'Wei Ling', 'Xin Yi'],
    last: ['Abdullah', 'Chua', 'Goh', 'Koh', 'Lim', 'Menon', 'Ng', 'Pillai', 'Tan', 'Wong'],
    dialling: '+65 6555',
  },
};

/** Somebody at a client. */
export interface ContactPlan {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  /** Which of the client's sites, counted from 0. */
  readonly site: number;
  readonly portalRole: 'none' | 'member' | 'manager';
  readonly isVip: boolean;
}

/** A client's people: about one for every five machines, the first of them the one who signs. No two share a name. */
export function planContacts(client: ClientPlan, random: Random): ContactPlan[] {
  const { first, last, dialling } = NAMES[client.region];
  const firsts = random.shuffle(first);
  const lasts = random.shuffle(last);
  const count = Math.min(2 + Math.round(client.devices / 5), first.length);
  return firsts.slice(0, count).map((name, index) => {
    const family = lasts[index % lasts.length] ?? '';
    return {
      name: `${name} ${family}`,
      email: `${asciiOf(name)}.${asciiOf(family)}@${client.domain}`,
      phone: `${dialling} ${random.int(1000, 9999)}`,
      site: index % client.sites.length,
      portalRole: index === 0 ? 'manager' : random.chance(0.8) ? 'member' : 'none',
      isVip: index === 0 || random.chance(0.08),
    };
  });
}

function asciiOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('ø', 'o')
    .replaceAll('å', 'a')
    .replaceAll('ı', 'i')
    .normalize('NFKD')
    .replaceAll(/[^a-z]/g, '');
}
