// SPDX-License-Identifier: Apache-2.0
// The provinces as tiles of one size: who lies beside whom, seven across so that a phone holds them.
import type { Names } from '../api/types';

export interface Province {
  /** First two digits of a county code, GB/T 2260. */
  code: string;
  name: Required<Names>;
  /** One character in Chinese, two letters otherwise. */
  short: string;
  letters: string;
  column: number;
  row: number;
}

const rows: readonly (readonly [string, string, string, string, string, string, number, number])[] = [
  ['23', '黑龙江', 'Heilongjiang', 'Хэйлунцзян', '黑', 'HL', 7, 1],
  ['15', '内蒙古', 'Inner Mongolia', 'Внутренняя Монголия', '蒙', 'NM', 5, 2],
  ['22', '吉林', 'Jilin', 'Цзилинь', '吉', 'JL', 7, 2],
  ['65', '新疆', 'Xinjiang', 'Синьцзян', '新', 'XJ', 1, 3],
  ['64', '宁夏', 'Ningxia', 'Нинся', '宁', 'NX', 3, 3],
  ['14', '山西', 'Shanxi', 'Шаньси', '晋', 'SX', 4, 3],
  ['11', '北京', 'Beijing', 'Пекин', '京', 'BJ', 5, 3],
  ['12', '天津', 'Tianjin', 'Тяньцзинь', '津', 'TJ', 6, 3],
  ['21', '辽宁', 'Liaoning', 'Ляонин', '辽', 'LN', 7, 3],
  ['63', '青海', 'Qinghai', 'Цинхай', '青', 'QH', 1, 4],
  ['62', '甘肃', 'Gansu', 'Ганьсу', '甘', 'GS', 2, 4],
  ['61', '陕西', 'Shaanxi', 'Шэньси', '陕', 'SN', 3, 4],
  ['41', '河南', 'Henan', 'Хэнань', '豫', 'HA', 4, 4],
  ['13', '河北', 'Hebei', 'Хэбэй', '冀', 'HE', 5, 4],
  ['37', '山东', 'Shandong', 'Шаньдун', '鲁', 'SD', 6, 4],
  ['54', '西藏', 'Tibet', 'Тибет', '藏', 'XZ', 1, 5],
  ['51', '四川', 'Sichuan', 'Сычуань', '川', 'SC', 2, 5],
  ['50', '重庆', 'Chongqing', 'Чунцин', '渝', 'CQ', 3, 5],
  ['42', '湖北', 'Hubei', 'Хубэй', '鄂', 'HB', 4, 5],
  ['34', '安徽', 'Anhui', 'Аньхой', '皖', 'AH', 5, 5],
  ['32', '江苏', 'Jiangsu', 'Цзянсу', '苏', 'JS', 6, 5],
  ['31', '上海', 'Shanghai', 'Шанхай', '沪', 'SH', 7, 5],
  ['53', '云南', 'Yunnan', 'Юньнань', '滇', 'YN', 2, 6],
  ['52', '贵州', 'Guizhou', 'Гуйчжоу', '黔', 'GZ', 3, 6],
  ['43', '湖南', 'Hunan', 'Хунань', '湘', 'HN', 4, 6],
  ['36', '江西', 'Jiangxi', 'Цзянси', '赣', 'JX', 5, 6],
  ['33', '浙江', 'Zhejiang', 'Чжэцзян', '浙', 'ZJ', 6, 6],
  ['45', '广西', 'Guangxi', 'Гуанси', '桂', 'GX', 3, 7],
  ['44', '广东', 'Guangdong', 'Гуандун', '粤', 'GD', 4, 7],
  ['35', '福建', 'Fujian', 'Фуцзянь', '闽', 'FJ', 5, 7],
  ['71', '台湾', 'Taiwan', 'Тайвань', '台', 'TW', 7, 7],
  ['46', '海南', 'Hainan', 'Хайнань', '琼', 'HI', 3, 8],
  ['82', '澳门', 'Macau', 'Макао', '澳', 'MO', 4, 8],
  ['81', '香港', 'Hong Kong', 'Гонконг', '港', 'HK', 5, 8],
];

export const provinces: readonly Province[] = rows.map(
  ([code, zh, en, ru, short, letters, column, row]) => ({ code, name: { zh, en, ru }, short, letters, column, row }),
);

const byCode = new Map(provinces.map((p) => [p.code, p]));

/** The province of a region code of two digits or more. */
export const provinceOf = (region: string): Province | undefined => byCode.get(region.slice(0, 2));
