// SPDX-License-Identifier: Apache-2.0
export const about = {
  'about.title': ['这是什么', 'What this is', 'Что это'],
  'about.what': [
    '一个在网上买卖生猪和农产品的市场：挂牌、竞价、冻结保证金、签合同、付款到托管、装车、过磅、结算到分、出金。每一步先记录、后答复，规则谁都可以查。',
    'A market for live hogs and farm produce online: lots are listed or auctioned, bonds frozen, contracts made, paid into escrow, loaded, weighed, settled to the fen and paid out. Each step is recorded before it is answered, by rules that anyone can read.',
    'Рынок живых свиней и сельхозпродукции: лоты выставляют и разыгрывают, обеспечение блокируют, договоры оплачивают в эскроу, грузят, взвешивают и рассчитывают до фэня. Каждый шаг записан прежде ответа, по открытым правилам.',
  ],
  'about.origin': ['想法从哪里来', 'Where the idea comes from', 'Откуда идея'],
  'about.origin_text': [
    '2024 年初，哈尔滨一家报纸在两会报道中记下九位代表（八个区和新区）说自己的地方要为全市做什么。呼兰说的是国家生猪市场——黑龙江交易市场和网上交易平台，四个字：建好用好。Hulan 是照这句话做的一个开放实现。',
    'Early in 2024 a Harbin newspaper, reporting on the city’s two sessions, told what nine deputies (of eight districts and the Harbin New Area) said their place would do for the city. Hulan district spoke of the national live hog market’s Heilongjiang trading market and its online trading platform: build it well and use it well. Hulan is an open implementation of that sentence.',
    'В начале 2024 года харбинская газета рассказала, что девять депутатов (восьми районов и Нового района) обещают городу. Район Хулань говорил о национальном рынке живых свиней, его Хэйлунцзянской площадке и онлайн-платформе: хорошо построить и хорошо использовать. Hulan — открытая реализация этих слов.',
  ],
  'about.places': ['九个地方的原话', 'The nine places’ own words', 'Слова девяти мест'],
  'about.not_official': ['开放实现，非官方', 'An open implementation, not official', 'Открытая реализация, неофициально'],
  'about.not_official_text': [
    '与报道中的任何机构、企业没有关系，也不代表它们。报道说“规划、申报、建设”的，这里一律标“规划”。',
    'It is not affiliated with, and does not speak for, any body or firm in the report. What the report says is planned, applied for or being built is marked “planned” here.',
    'Не связана ни с одним учреждением или предприятием репортажа и не говорит от их имени. Что в репортаже планируется или строится, отмечено «в планах».',
  ],
  'about.demo_text': [
    '演示中的养殖场、企业和人都是虚构的，价格是演示价格。',
    'The demo’s farms, firms and people are invented; its prices are demo prices.',
    'Хозяйства, фирмы и люди в демо вымышлены; цены — демонстрационные.',
  ],
  'about.rates': ['本市场的费率', 'This market’s rates', 'Ставки этого рынка'],
  'about.rates_hint': [
    '都是配置，每项注明来源；没有来源的是本市场默认值。',
    'All of it is configuration; each says its source, or that it is our default.',
    'Всё это настройки; у каждой указан источник или что это наше значение.',
  ],
  'about.rates_none': ['这个市场没有公布费率。', 'This market publishes no rates.', 'Рынок не публикует ставок.'],
  'about.rate': ['项目', 'What', 'Что'],
  'about.value': ['数值', 'Value', 'Значение'],
  'about.rules': ['规则', 'Rules', 'Правила'],
  'about.rules_hint': ['页面上每个 R 编号都指向这里。', 'Each R number on the pages points here.', 'Каждый номер R на страницах ведёт сюда.'],
  'about.open': ['开放', 'Open', 'Открытость'],
  'about.open_text': [
    '源代码以 Apache-2.0 许可开放；接口说明：',
    'The source is open under Apache-2.0; the doors are described in',
    'Исходный код открыт по Apache-2.0; описание интерфейса:',
  ],
} as const satisfies Record<string, readonly [string, string, string]>;
