// SPDX-License-Identifier: Apache-2.0
// Goods of a farm, with papers and tags, made by the doors where a journey begins after them.

export const marketNow = async (market) => Date.parse((await market.get(null, '/v1/market')).now);

export const paperOf = async (market, who, kind) =>
  (await market.call(who, 'POST', '/v1/documents', `${kind} of a test`, 'text/plain')).sha256;

/** A draft of `head` hogs of 115 kg that can be offered; its number. `more`: other fields of the lot. */
export async function draft(market, who, head = 100, more = {}) {
  const now = await marketNow(market);
  const at = (hours) => new Date(now + hours * 3600_000).toISOString();
  const made = await market.post(who, '/v1/lots', {
    product: 'live-hog', side: 'sell', quantity: String(head), average_kg: '115.000', grade: 'outer-three-way', terms: 'destination',
    origin: '230111', place: '230111', pickup_from: at(0), pickup_until: at(100),
    title: { zh: `呼兰外三元生猪 ${head} 头`, en: `${head} hogs of Hulan`, ru: `${head} свиней, Хулань` },
    ...more,
  });
  for (const kind of ['asf_test', 'immunization']) {
    const sha256 = await paperOf(market, who, kind);
    await market.post(who, `/v1/lots/${made.id}/documents`, { kind, number: 'T1', issued_at: at(-24), expires_at: at(500), sha256 });
  }
  await market.post(who, `/v1/lots/${made.id}/tags`, { ranges: [{ first: String(123_000_000_001_000 + made.id * 1000), count: head }] });
  return made.id;
}
