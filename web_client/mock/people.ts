/** The invented people, topics and calls of the development mock. */
import type { components } from '../src/types.ts';

type Schemas = components['schemas'];
type Person = Schemas['Person'];

function person(
  staff_no: string,
  [name, kana]: [string, string],
  role: Person['role'],
  [post, department, office]: [string, string, string],
  skills: string[] = [],
): Person {
  return { id: `id-${staff_no}`, staff_no, name, kana, role, post, department, office, skills };
}

export const FIELD = person('F1001', ['川上 拓真', 'かわかみ たくま'], 'field', [
  '現場技師',
  '維持係',
  '東部土木事務所',
]);
export const SPECIALIST = person(
  'X2001',
  ['早瀬 美緒', 'はやせ みお'],
  'specialist',
  ['専門職員', '道路河川課', '本庁'],
  ['橋', '道路'],
);
export const SPECIALIST_2 = person(
  'X2002',
  ['小野寺 健', 'おのでら けん'],
  'specialist',
  ['専門職員', '砂防課', '本庁'],
  ['がけ・斜面'],
);
export const SUPERVISOR = person('S3001', ['藤代 正樹', 'ふじしろ まさき'], 'supervisor', [
  '所長',
  '',
  '東部土木事務所',
]);
export const ADMIN = person('A9001', ['沢口 恵', 'さわぐち めぐみ'], 'admin', [
  '監査担当',
  '情報政策課',
  '本庁',
]);
export const NEWCOMER = person('F1002', ['水野 葵', 'みずの あおい'], 'field', [
  '主事',
  '建設課',
  'つづら川市',
]);

export const STAFF: readonly Person[] = [FIELD, SPECIALIST, SPECIALIST_2, SUPERVISOR, ADMIN, NEWCOMER];

export const TOPICS: Schemas['Topic'][] = [
  {
    key: 'road',
    label: '橋・道路',
    label_en: 'Bridges and roads',
    department: '道路建設課',
    icon: 'bridge',
    available: 2,
  },
  {
    key: 'slope',
    label: 'がけ・斜面',
    label_en: 'Cliffs and slopes',
    department: '砂防課',
    icon: 'slope',
    available: 1,
  },
  {
    key: 'building',
    label: '建物',
    label_en: 'Buildings',
    department: '建築指導課',
    icon: 'building',
    available: 0,
  },
  {
    key: 'farm',
    label: '農地・家畜',
    label_en: 'Farmland and livestock',
    department: '農業技術課',
    icon: 'farm',
    available: 1,
  },
  {
    key: 'welfare',
    label: '福祉',
    label_en: 'Welfare',
    department: '地域福祉課',
    icon: 'welfare',
    available: 3,
  },
  {
    key: 'interpreting',
    label: '通訳',
    label_en: 'Interpreting',
    department: '国際交流課',
    icon: 'interpreter',
    available: 0,
  },
];

export const PUBLIC: Schemas['Public'] = {
  organisation: 'あまね県',
  office_phone: '000-000-1126',
  captions: true,
  concierge: true,
  map: null,
  version: '0.1.0',
  demo: true,
};

function today(hour: number, minute: number): string {
  const at = new Date();
  at.setHours(hour, minute, 0, 0);
  return at.toISOString();
}

/** Today's calls as they stand when the mock starts: one live, two over. */
export function calls(): Schemas['Call'][] {
  return [
    {
      id: 'call-live',
      number: 'R8-東土-0142',
      title: '川辺橋 P2橋脚 ひび割れ',
      topic: 'road',
      place: '県道12号 川辺橋',
      state: 'open',
      started_at: new Date(Date.now() - 4 * 60_000).toISOString(),
      ended_at: null,
      host: FIELD,
      members: [
        { person: FIELD, joined: true },
        { person: SPECIALIST, joined: false },
        { person: SUPERVISOR, joined: false },
      ],
      guests: [{ invitation_id: 'inv-1', name: '田端 和子', kind: 'resident', joined: true }],
      live_count: 2,
    },
    {
      id: 'call-slope',
      number: 'R8-東土-0139',
      title: 'つづら峠 落石の網の点検',
      topic: 'slope',
      place: 'あまね市みはらし台二丁目',
      state: 'closed',
      started_at: today(8, 40),
      ended_at: today(9, 2),
      host: FIELD,
      members: [
        { person: FIELD, joined: false },
        { person: SPECIALIST, joined: false },
      ],
      guests: [],
      live_count: 0,
    },
    {
      id: 'call-river',
      number: 'R8-東土-0138',
      title: '天川 護岸 住民の方への説明',
      topic: 'slope',
      place: 'あまね市若草',
      state: 'closed',
      started_at: today(7, 50),
      ended_at: today(8, 15),
      host: FIELD,
      members: [
        { person: FIELD, joined: false },
        { person: SPECIALIST_2, joined: false },
      ],
      guests: [{ invitation_id: 'inv-2', name: '西野 進', kind: 'resident', joined: false }],
      live_count: 0,
    },
  ];
}

/** A QR code stands in: the pattern is not readable, its place and size are. */
export const QR_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" width="290" height="290"><path fill="#fff" d="M0 0h29v29H0z"/>' +
  '<path stroke="#000" d="M4 4.5h7m1 0h2m2 0h1m1 0h7M4 5.5h1m5 0h1m2 0h2m3 0h1m5 0h1M4 6.5h1m1 0h3m1 0h1m1 0h1m1 0h1m3 0h1m1 0h3m1 0h1M4 7.5h1m1 0h3m1 0h1m2 0h3m2 0h1m1 0h3m1 0h1M4 8.5h1m1 0h3m1 0h1m1 0h2m4 0h1m1 0h3m1 0h1M4 9.5h1m5 0h1m1 0h1m2 0h1m2 0h1m5 0h1M4 10.5h7m1 0h1m1 0h1m1 0h1m1 0h7M12 11.5h3M4 12.5h2m3 0h3m1 0h3m2 0h2m1 0h1m2 0h1M5 13.5h1m2 0h1m3 0h2m2 0h3m2 0h2M4 14.5h3m1 0h3m2 0h1m2 0h1m1 0h2m3 0h2M4 15.5h1m2 0h2m3 0h1m1 0h3m2 0h1m2 0h1M5 16.5h2m3 0h1m2 0h2m1 0h2m1 0h3m1 0h1M12 17.5h1m2 0h1m2 0h1m2 0h2M4 18.5h7m1 0h2m2 0h3m1 0h1m2 0h1M4 19.5h1m5 0h1m2 0h1m1 0h2m3 0h3M4 20.5h1m1 0h3m1 0h1m1 0h3m1 0h5m1 0h1M4 21.5h1m1 0h3m1 0h1m2 0h1m2 0h1m2 0h1m1 0h2M4 22.5h1m1 0h3m1 0h1m1 0h1m2 0h2m1 0h2m2 0h1M4 23.5h1m5 0h1m1 0h2m1 0h1m2 0h3m1 0h1M4 24.5h7m2 0h1m1 0h3m1 0h1m2 0h2"/></svg>';
