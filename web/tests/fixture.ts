/* A small answer of GET /api/coverage for the tests; a new one each time. */
export function fixture(): Record<string, unknown> {
  const figure = (numerator: number, denominator: number, rate: string) => ({ numerator, denominator, rate });
  const load = { sessions: 10, held: 4, heads: 120 };
  return {
    revision: 7, as_of: "2027-06-30", from: "2027-01-01", to: "2027-12-31", city: "示例市",
    definition: { id: "halls-planned/1", zh: "有已发布场次的礼堂 ÷ 在用礼堂", en: "halls with sessions published ÷ halls in use" },
    minimum: 1, coverage: { ...figure(3, 4, "75.00"), exempt: 1, closed: 0 }, target: "98.00",
    definitions: [
      { id: "halls-planned/1", zh: "甲", en: "a", ...figure(3, 4, "75.00") },
      { id: "townships/1", zh: "乙", en: "b", ...figure(0, 0, "–") },
    ],
    counties: [{ code: "C1", name: "示例县", ...figure(3, 4, "75.00"), ...load }],
    townships: [
      { code: "T1", name: "甲镇", county: "C1", lat: 28.6, lon: 121.4, ...figure(2, 2, "100.00"), ...load, per_1000: "1.20" },
      { code: "T2", name: "乙镇", county: "C1", lat: null, lon: null, ...figure(1, 2, "50.00"), ...load, per_1000: null },
    ],
    halls: [
      { id: "H1", name: "示例一村文化礼堂", township: "T1", lat: 28.61, lon: 121.41, standing: "reached", sessions: 3 },
      { id: "H2", name: "示例二村文化礼堂", township: "T2", lat: null, lon: null, standing: "unreached", sessions: 0 },
      { id: "H3", name: "示例三村文化礼堂", township: "T1", lat: 28.62, lon: 121.42, standing: "unreached", sessions: 0 },
      { id: "H4", name: "示例四村文化礼堂", township: "T1", lat: 28.63, lon: 121.43, standing: "not-in-use", sessions: 0 },
    ],
    months: [{ month: "2027-01", planned: 10, held: 4, heads: 120, ...figure(3, 4, "75.00") }],
    categories: [{ id: "K1", name: "智慧助老", ...load }, { id: "K2", name: "家庭教育", sessions: 0, held: 0, heads: 0 }],
    equity: {
      lowest_decile: [{ code: "T2", name: "乙镇", per_hall: "0.50", per_1000: null }],
      category_gaps: [{ township: "T1", category: "K2" }, { township: "T2", category: "K2" }, { township: "T2", category: "K1" }],
    },
  };
}
