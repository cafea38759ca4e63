// A table beside each picture, of the same figures.

const TABLE_ROWS = 300;

const SCARCE = ["value", "quality_score", "failure_rate"];

function cell(row, field, digits) {
  const value = row[field];
  if (value == null && SCARCE.includes(field)) return row.known === false ? "not known" : row.known && row.n > 0 ? "too few" : "–";
  if (value == null) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }) : value;
}

// As many decimals as the marts gave to any value of a column, so that 77 among 76.9 is 77.0.
const digitsOf = (rows, field) => rows.reduce((most, row) =>
  (typeof row[field] === "number" ? Math.max(most, (String(row[field]).split(".")[1] || "").length) : most), 0);

function fillTable(table, columns, rows, title) {
  const fields = Object.keys(columns), numeric = new Set(fields.filter((field) => rows.some((row) => typeof row[field] === "number")));
  const digits = Object.fromEntries(fields.map((field) => [field, digitsOf(rows, field)]));
  const classOf = (field) => (numeric.has(field) ? "number" : ["week", "month", "recorded"].includes(field) ? "date" : "");
  const made = (name, text, inside) => {
    const element = document.createElement(name);
    element.textContent = text;
    inside.append(element);
    return element;
  };
  table.replaceChildren();
  made("caption", title, table).className = "hidden-text";
  const head = table.createTHead().insertRow();
  for (const field of fields) {
    const th = made("th", columns[field], head);
    th.scope = "col";
    th.className = classOf(field);
  }
  const body = table.createTBody();
  for (const row of rows.slice(0, TABLE_ROWS)) {
    const line = body.insertRow();
    fields.forEach((field, place) => {
      const element = made(place ? "td" : "th", cell(row, field, digits[field]), line);
      if (!place) element.scope = "row";
      element.className = classOf(field);
    });
  }
  return rows.length > TABLE_ROWS ? `The table has the first ${TABLE_ROWS} of ${several(rows.length, "row")}: filter to see the others.` : "";
}
