// Sums and counts, and the two figures that may be worked out of them after a filter: a mean, a share with its interval.

const LEAST = 5; // evaluations below which a figure says nothing
const LEAST_ANSWERS = 20; // of a question, likewise
const Z = 1.959963984540054;

// By way of a decimal, as the marts do: a binary half is now above, now below.
const round = (x, digits = 1) =>
  x == null ? null : (Math.sign(x) * Math.round(Number((Math.abs(x) * 10 ** digits).toFixed(6)))) / 10 ** digits;

// Wilson's 95 % interval in percent, as qa_wilson of the marts.
function wilson(part, n) {
  const p = part / n, middle = p + (Z * Z) / (2 * n), reach = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  const bound = (x) => round(Math.min(100, Math.max(0, (100 * x) / (1 + (Z * Z) / n))));
  return { low: bound(middle - reach), high: bound(middle + reach) };
}

// Columns, as the page has them, to rows.
function rowsOf(columns) {
  const names = Object.keys(columns), read = names.map((name) => {
    const column = columns[name];
    return Array.isArray(column) ? (i) => column[i] : (i) => column.values[column.at[i]];
  });
  const first = columns[names[0]];
  return Array.from({ length: (Array.isArray(first) ? first : first.at).length }, (_, i) => Object.fromEntries(names.map((name, k) => [name, read[k](i)])));
}

// What can be shown: a sum over a count. A share has an interval, a mean of percentages has none here.
const MEASURES = {
  score: { title: "Quality score", sum: "score", share: false },
  passed: { title: "Passed", sum: "passed", share: true },
  failed: { title: "Auto-failed", sum: "failed", share: true },
  disputed: { title: "Disputed", sum: "disputed", share: true },
  acknowledged: { title: "Acknowledged", sum: "acknowledged", share: true },
};

// What is not known of a row, as MaestroQA's disputes, counts neither above nor below the line; no row at all is no riddle.
function figure(rows, measure) {
  const { sum, share } = MEASURES[measure];
  let n = 0, total = 0;
  for (const row of rows) if (row[sum] != null) { n += row.n; total += row[sum]; }
  if (!n) return { n, value: null, known: !rows.length };
  if (n < LEAST) return { n, value: null, known: true };
  const value = round((share ? 100 : 1) * (total / n));
  return { n, value, known: true, ...(share ? wilson(total, n) : {}) };
}

function grouped(rows, key) {
  const groups = new Map();
  for (const row of rows) {
    const at = key(row), group = groups.get(at);
    if (group) group.push(row); else groups.set(at, [row]);
  }
  return groups;
}

const count = (rows) => rows.reduce((sum, row) => sum + row.n, 0);
