// Filters, headline cards, and drawing. `document.body.dataset.drawn` counts how often all was drawn.

const { figures, filters } = window.qaReport;
const at = (id) => document.getElementById(id);
const form = at("filters"), views = new Map();

function options(select, groups) {
  for (const [label, entries] of groups) {
    const inside = label ? select.appendChild(Object.assign(document.createElement("optgroup"), { label })) : select;
    for (const [value, text] of entries) inside.append(new Option(text, value));
  }
}

function fillFilters() {
  const vendors = [...new Set(data.weekly.map((row) => row.vendor))].sort();
  options(at("vendor"), [["", [["", "All"], ...vendors.map((vendor) => [vendor, vendorName(vendor)])]]]);
  for (const name of ["team", "scorecard"]) {
    const of = (vendor) => [...new Set(data.weekly.filter((row) => row.vendor === vendor).map((row) => row[name]))].sort();
    const entry = (vendor) => (value) => [JSON.stringify([vendor, value]), value ?? "(no name)"];
    options(at(name), [["", [["", "All"]]], ...vendors.map((vendor) => [vendorName(vendor), of(vendor).map(entry(vendor))])]);
  }
  options(at("by"), [["", Object.entries(GROUPS).map(([name, { title }]) => [name, title])]]);
  options(at("measure"), [["", Object.entries(MEASURES).map(([name, { title }]) => [name, title])]]);
}

function choice() {
  const parsed = (id) => (at(id).value ? JSON.parse(at(id).value) : null);
  return { vendor: at("vendor").value, team: parsed("team"), scorecard: parsed("scorecard"), by: at("by").value, measure: at("measure").value };
}

function shown({ value, n, known, low, high }) {
  if (!known) return ["not known", ""];
  if (value == null) return ["too few", `${several(n, "evaluation")}; it takes ${LEAST}`];
  return [`${value.toFixed(1)} %`, low == null ? `of ${several(n, "evaluation")}` : `${low.toFixed(1)} to ${high.toFixed(1)} %`];
}

function card(vendor, rows) {
  const basis = data.metrics.find((row) => row.vendor === vendor)?.auto_fail_basis;
  const others = rows.map((row) => ({ ...row, n: row.n - row.failed, score: row.others }));
  const entries = [
    ["Quality score", shown(figure(rows, "score"))],
    ["Score of what did not auto-fail", shown(figure(others, "score"))],
    ["Passed", shown(figure(rows, "passed"))],
    [`Auto-failed${basis ? ` (${basis})` : ""}`, shown(figure(rows, "failed"))],
    ["Disputed", shown(figure(rows, "disputed"))],
    ["Evaluations", [count(rows).toLocaleString("en"), `of ${several(new Set(rows.map((row) => row.agent_id)).size, "agent")}`]],
  ];
  const section = Object.assign(document.createElement("section"), { className: "card" }), list = document.createElement("dl");
  section.dataset.vendor = vendor;
  section.append(Object.assign(document.createElement("h2"), { textContent: vendorName(vendor) }), list);
  for (const [title, [value, small]] of entries) {
    const pair = list.appendChild(document.createElement("div"));
    pair.append(Object.assign(document.createElement("dt"), { textContent: title }));
    const figureOf = pair.appendChild(Object.assign(document.createElement("dd"), { textContent: value }));
    figureOf.append(Object.assign(document.createElement("small"), { textContent: small }));
  }
  return section;
}

function headline(chosen) {
  const kept = keep(data.weekly, chosen), vendors = [...grouped(kept, (row) => row.vendor)].sort(([a], [b]) => (a < b ? -1 : 1));
  at("headline").replaceChildren(...vendors.map(([vendor, rows]) => card(vendor, rows)));
  at("status").textContent = kept.length ? `${several(count(kept), "evaluation")} shown.`
    : data.weekly.length ? "No evaluation matches this choice." : "The marts hold no evaluation yet: sync first, then run dbt build.";
}

// What is chosen but not followed stands on the picture, and in what a screen reader says of it.
function warning(given, found, chosen) {
  const deaf = [...Object.keys(filters).filter((name) => chosen[name] && !given.follows.includes(name)).map((name) => filters[name]), ...(found.deaf || [])];
  return deaf.length ? `Does not follow what is chosen as ${deaf.join(" and ").toLowerCase()}.` : "";
}

async function draw(given, chosen) {
  const id = given.vendor ? `${given.id}-${given.vendor}` : given.id, found = ROWS[given.id](chosen, given.vendor);
  at(id).hidden = !found;
  if (!found) return;
  const title = found.title || given.title, told = warning(given, found, chosen), drawn = found.drawn.some((row) => row.value != null);
  at(`${id}-title`).textContent = title;
  at(`${id}-warning`).textContent = told;
  at(`${id}-warning`).hidden = !told;
  const table = fillTable(at(`${id}-table`), given.columns, found.rows, title);
  const nothing = given.spec && !drawn ? (found.rows.length ? "Too little data to draw anything." : "There is nothing to show for this choice.") : "";
  at(`${id}-said`).textContent = [nothing, ...found.words, ...found.said, table].filter(Boolean).join(" ");
  at(`${id}-table`).parentElement.hidden = !found.rows.length;
  if (!given.spec) return;
  const picture = at(`${id}-picture`);
  picture.hidden = !drawn;
  if (!drawn) return;
  const view = views.get(id);
  if (view) await view.data("rows", found.drawn).resize().runAsync();
  else views.set(id, await embedded(picture, given.spec, found.drawn));
}

// Vega gives the element that it draws in, and hundreds of its parts, roles and labels of their own: it draws in one that
// is hidden from screen readers, inside the one with the role, label and description of the whole picture.
async function embedded(picture, spec, rows) {
  const config = { ...spec.config, axisY: { ...spec.config.axisY, labelLimit: picture.clientWidth < 520 ? 120 : 260 } };
  const data = spec.data.map((source) => (source.name === "rows" ? { ...source, values: rows } : source));
  const { view } = await vegaEmbed(picture.firstElementChild, { ...spec, config, data }, { mode: "vega", actions: false, renderer: "svg", ast: true, logLevel: 1 });
  return view;
}

async function drawAll() {
  const chosen = choice();
  headline(chosen);
  for (const given of figures) await draw(given, chosen);
  document.body.dataset.drawn = String(Number(document.body.dataset.drawn || 0) + 1);
}

let drawing = Promise.resolve();
const redraw = () => (drawing = drawing.then(drawAll));
fillFilters();
form.addEventListener("change", redraw);
form.addEventListener("reset", () => setTimeout(redraw));
form.addEventListener("submit", (event) => event.preventDefault());
redraw();
