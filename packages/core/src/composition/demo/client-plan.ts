/** One site of a client: name, address. Its zone and country are the client's. */
interface SitePlan {
  readonly name: string;
  readonly address: string;
}

/** How people are named where a client works. */
export type NameRegion =
  | 'british'
  | 'german'
  | 'french'
  | 'norwegian'
  | 'american'
  | 'latin'
  | 'japanese'
  | 'singaporean';

/** A client of the demo as it is known before anything random. */
export interface ClientPlan {
  readonly name: string;
  readonly shortCode: string;
  readonly trade: string;
  readonly domain: string;
  readonly timeZone: string;
  readonly country: string;
  readonly currency: string;
  readonly region: NameRegion;
  readonly devices: number;
  readonly sites: readonly SitePlan[];
  /** Months before the present that the agreement began, at least 1. */
  readonly monthsAgreed: number;
}

/** The twelve clients: from a practice with eight machines to a works with two plants, on four continents. */
export const CLIENTS: readonly ClientPlan[] = [
  {
    name: 'Hartley & Sons Solicitors',
    shortCode: 'HARTLEY',
    trade: 'law',
    domain: 'hartley.example',
    timeZone: 'Europe/London',
    country: 'GB',
    currency: 'GBP',
    region: 'british',
    devices: 52,
    monthsAgreed: 6,
    sites: [
      { name: 'London Chambers', address: '14 Bedford Row, London WC1R 4ED' },
      { name: 'Guildford', address: '3 Castle Street, Guildford GU1 3UW' },
      { name: 'Reading', address: '27 Friar Street, Reading RG1 1DP' },
    ],
  },
  {
    name: 'Brookfield Dental Group',
    shortCode: 'BROOKFIELD',
    trade: 'dental',
    domain: 'brookfield.example',
    timeZone: 'Europe/London',
    country: 'GB',
    currency: 'GBP',
    region: 'british',
    devices: 38,
    monthsAgreed: 6,
    sites: [
      { name: 'Deansgate', address: '88 Deansgate, Manchester M3 2ER' },
      { name: 'Didsbury', address: '5 Barlow Moor Road, Manchester M20 6TR' },
      { name: 'Stockport', address: '41 Wellington Road, Stockport SK1 3TA' },
      { name: 'Altrincham', address: '9 The Downs, Altrincham WA14 2QD' },
    ],
  },
  {
    name: 'Calder Valley Logistics',
    shortCode: 'CALDER',
    trade: 'logistics',
    domain: 'caldervalley.example',
    timeZone: 'Europe/London',
    country: 'GB',
    currency: 'GBP',
    region: 'british',
    devices: 46,
    monthsAgreed: 5,
    sites: [
      { name: 'Head Office', address: '2 Canal Wharf, Leeds LS11 5PS' },
      { name: 'Wakefield Depot', address: 'Unit 7, Calder Park, Wakefield WF2 7UA' },
      { name: 'Immingham Port', address: 'Dock Road, Immingham DN40 2NT' },
    ],
  },
  {
    name: 'Müller Feinmechanik GmbH',
    shortCode: 'MUELLER',
    trade: 'manufacturing',
    domain: 'mueller-feinmechanik.example',
    timeZone: 'Europe/Berlin',
    country: 'DE',
    currency: 'EUR',
    region: 'german',
    devices: 58,
    monthsAgreed: 6,
    sites: [
      { name: 'Werk Esslingen', address: 'Industriestraße 12, 73728 Esslingen' },
      { name: 'Werk Aalen', address: 'Ulmer Straße 80, 73431 Aalen' },
    ],
  },
  {
    name: 'Atelier Rousseau Architectes',
    shortCode: 'ROUSSEAU',
    trade: 'architecture',
    domain: 'rousseau.example',
    timeZone: 'Europe/Paris',
    country: 'FR',
    currency: 'EUR',
    region: 'french',
    devices: 24,
    monthsAgreed: 4,
    sites: [
      { name: 'Lyon', address: '18 rue Mercière, 69002 Lyon' },
      { name: 'Paris', address: '6 rue de Turenne, 75004 Paris' },
    ],
  },
  {
    name: 'Nordlys Seafood AS',
    shortCode: 'NORDLYS',
    trade: 'seafood',
    domain: 'nordlys.example',
    timeZone: 'Europe/Oslo',
    country: 'NO',
    currency: 'NOK',
    region: 'norwegian',
    devices: 22,
    monthsAgreed: 6,
    sites: [
      { name: 'Bergen', address: 'Strandgaten 40, 5013 Bergen' },
      { name: 'Ålesund', address: 'Kaiveien 3, 6004 Ålesund' },
    ],
  },
  {
    name: 'Harbor Point Medical',
    shortCode: 'HARBOR',
    trade: 'medical',
    domain: 'harborpoint.example',
    timeZone: 'America/New_York',
    country: 'US',
    currency: 'USD',
    region: 'american',
    devices: 54,
    monthsAgreed: 6,
    sites: [
      { name: 'Boston Seaport', address: '120 Seaport Blvd, Boston, MA 02210' },
      { name: 'Quincy', address: '1400 Hancock St, Quincy, MA 02169' },
      { name: 'Cambridge', address: '55 First St, Cambridge, MA 02141' },
      { name: 'Providence', address: '10 Dorrance St, Providence, RI 02903' },
    ],
  },
  {
    name: 'Cedar & Vine Hospitality',
    shortCode: 'CEDAR',
    trade: 'hospitality',
    domain: 'cedarvine.example',
    timeZone: 'America/Chicago',
    country: 'US',
    currency: 'USD',
    region: 'american',
    devices: 30,
    monthsAgreed: 5,
    sites: [
      { name: 'Austin Office', address: '301 Congress Ave, Austin, TX 78701' },
      { name: 'Cedar Street', address: '208 W 4th St, Austin, TX 78701' },
      { name: 'Fredericksburg Vineyard', address: '4500 US-290, Fredericksburg, TX 78624' },
    ],
  },
  {
    name: 'Pampa Trading SRL',
    shortCode: 'PAMPA',
    trade: 'trade',
    domain: 'pampatrading.example',
    timeZone: 'America/Argentina/Buenos_Aires',
    country: 'AR',
    currency: 'USD',
    region: 'latin',
    devices: 18,
    monthsAgreed: 3,
    sites: [
      { name: 'Puerto Madero', address: 'Av. Alicia Moreau de Justo 1050, Buenos Aires' },
      { name: 'Rosario', address: 'Córdoba 1430, Rosario' },
    ],
  },
  {
    name: 'Sakura Precision Trading',
    shortCode: 'SAKURA',
    trade: 'trade',
    domain: 'sakura-precision.example',
    timeZone: 'Asia/Tokyo',
    country: 'JP',
    currency: 'JPY',
    region: 'japanese',
    devices: 28,
    monthsAgreed: 6,
    sites: [
      { name: 'Osaka', address: '2-4-9 Umeda, Kita-ku, Osaka 530-0001' },
      { name: 'Nagoya', address: '1-1-4 Meieki, Nakamura-ku, Nagoya 450-0002' },
    ],
  },
  {
    name: 'Merlion Capital Advisers',
    shortCode: 'MERLION',
    trade: 'finance',
    domain: 'merlioncapital.example',
    timeZone: 'Asia/Singapore',
    country: 'SG',
    currency: 'SGD',
    region: 'singaporean',
    devices: 20,
    monthsAgreed: 4,
    sites: [
      { name: 'Raffles Place', address: '6 Battery Road, Singapore 049909' },
      { name: 'Disaster Recovery', address: '20 Ayer Rajah Crescent, Singapore 139964' },
    ],
  },
  {
    name: 'Oakes Veterinary Practice',
    shortCode: 'OAKES',
    trade: 'veterinary',
    domain: 'oakesvets.example',
    timeZone: 'Europe/London',
    country: 'GB',
    currency: 'GBP',
    region: 'british',
    devices: 8,
    monthsAgreed: 6,
    sites: [{ name: 'Clifton', address: '31 Whiteladies Road, Bristol BS8 2LY' }],
  },
];

/** The people of Northgate IT. The first administers everything, the others work tickets. */
export const STAFF = [
  { name: 'Morgan Ellis', user: 'morgan', standardRoles: ['administrator'] },
  { name: 'Priya Raman', user: 'priya', standardRoles: ['manager', 'technician'] },
  { name: 'Tom Whitaker', user: 'tom', standardRoles: ['technician'] },
  { name: 'Ana Kovač', user: 'ana', standardRoles: ['technician'] },
  { name: 'Daniel Osei', user: 'daniel', standardRoles: ['technician'] },
  { name: 'Yuki Tanabe', user: 'yuki', standardRoles: ['technician', 'billing'] },
] as const;
