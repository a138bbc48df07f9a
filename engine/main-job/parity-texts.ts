/** Texts on which tokenisers are known to disagree: digits, spaces, scripts, emoji, code, control words as plain text. */
const hardTexts = [
  '',
  ' ',
  '  two leading spaces',
  'trailing spaces   ',
  'tabs\tand\nnew lines\r\n\n\n',
  '1234567890 12,345.67 -0.5e-10 0x1F 3.14159',
  '2026-11-21T08:59:00Z, 09:30, 1/2, 50 %, €12.50, $3',
  "don't can't we'll I've they'd it's",
  'CamelCase snake_case kebab-case SCREAMING_CASE',
  'Straße, Öl, façade, naïve, señor, Ångström, Łódź, žluťoučký kůň',
  'e\u0301 (combining) and \u00e9 (composed)',
  'Привет, мир. Γειά σου Κόσμε. שלום עולם. مرحبا بالعالم',
  '你好，世界。これはテストです。한국어 문장입니다.',
  'emoji: 👍 🎉 👩‍💻 🇩🇪 ✅',
  'zero\u200bwidth, soft\u00adhyphen, nbsp\u00a0here, bom \ufeff inside',
  'def f(x):\n    return {"a": [1, 2, 3], "b": x ** 2}\n',
  'for (let i = 0; i < 10; i++) { console.log(`${i}`); }',
  'SELECT * FROM t WHERE a = \'b\' AND c <> "d"; -- comment',
  '{"product":"router","urgency":"high","queue":"billing","language":"en"}',
  '<html><body class="x">&amp; &lt;b&gt;</body></html>',
  'https://example.org/path?query=1&other=%20#fragment',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  '............,,,,,,!!!!!!??????',
  '([{<«“‘—–…’”»>}])',
  'x²+y³=√z ≤ ∞ ∑ ∂ µ ° ½',
  '# Heading\n\n- item **bold** _it_ `code`\n\n> quote\n\n| a | b |\n',
];

/** At least 50 texts when the dataset has enough rows: the hard ones, then the person's own. */
export function parityTexts(own: readonly string[]): string[] {
  const wanted = 50;
  const distinct = [...new Set(own.map((text) => text.slice(0, 2000)))];
  const stride = Math.max(1, Math.floor(distinct.length / (wanted - hardTexts.length)));
  const sampled = distinct.filter((_text, index) => index % stride === 0).slice(0, wanted - hardTexts.length);
  return [...hardTexts, ...sampled];
}
