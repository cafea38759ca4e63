// The rows of each figure under the filters that are set: all of them for the table, `drawn` for the picture, and
// sentences for what is neither. `chosen`: vendor "", or a name; team and scorecard null, or [vendor, name].

const DRAWN_SERIES = 8, DRAWN_ROWS = 30;
const { data: columns, vendors: VENDOR_NAMES } = window.qaReport;
const data = Object.fromEntries(Object.entries(columns).map(([name, found]) => [name, rowsOf(found)]));
const vendorName = (vendor) => VENDOR_NAMES[vendor] || vendor;
const weekName = (week) => new Date(week).toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
const unfinished = new Set(data.control.filter((row) => row.is_partial).map((row) => row.vendor + row.week));
const several = (n, one, many = one + "s") => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

function keep(rows, chosen, filters = ["vendor", "team", "scorecard"]) {
  const among = (name) => !filters.includes(name) || !chosen[name] ? () => true
    : name === "vendor" ? (row) => row.vendor === chosen.vendor
    : (row) => row.vendor === chosen[name][0] && row[name] === chosen[name][1];
  const tests = ["vendor", "team", "scorecard"].map(among);
  return rows.filter((row) => tests.every((test) => test(row)));
}

const GROUPS = {
  vendor: { title: "Vendor", key: (row) => row.vendor, name: (row) => vendorName(row.vendor) },
  team: { title: "Team", key: (row) => row.vendor + "\n" + row.team, name: (row) => `${row.team} · ${vendorName(row.vendor)}` },
  agent: { title: "Agent", key: (row) => row.agent_id, name: (row) => `${row.agent} · ${vendorName(row.vendor)}` },
  scorecard: { title: "Scorecard", key: (row) => row.vendor + "\n" + row.scorecard, name: (row) => `${row.scorecard} · ${vendorName(row.vendor)}` },
};

// Groups of evaluations, the largest first, under names of their own.
function groupsOf(rows, by) {
  const { key, name } = GROUPS[by], taken = new Map();
  return [...grouped(rows, key).values()].map((group) => ({ group, n: count(group) })).sort((a, b) => b.n - a.n).map(({ group }) => {
    const called = name(group[0]), times = (taken.get(called) || 0) + 1;
    taken.set(called, times);
    return { group, name: times > 1 ? `${called} (${times})` : called };
  });
}

function leftOut(rows) {
  const few = rows.filter((row) => row.value == null && row.n > 0 && row.known).length;
  const unsaid = new Set(rows.filter((row) => row.known === false).map((row) => vendorName(row.vendor)));
  return [
    few ? `${several(few, "value rests", "values rest")} on fewer than ${LEAST} evaluations: too few to show.` : "",
    unsaid.size ? `${[...unsaid].join(", ")} does not say it: not known, which is not 0.` : "",
  ];
}

const mostOf = (shown, all, what) => shown < all ? `Drawn are the ${shown} ${what} with most evaluations, of ${all.toLocaleString("en")}.` : "";

function byWeek(chosen, measure, by) {
  const kept = keep(data.weekly, chosen), weeks = new Map();
  for (const row of kept) (weeks.get(row.vendor) || weeks.set(row.vendor, new Set()).get(row.vendor)).add(row.week);
  const groups = groupsOf(kept, by);
  const all = groups.map(({ group, name }) => {
    const inWeek = grouped(group, (row) => row.week), { vendor } = group[0];
    return [...weeks.get(vendor)].sort().map((week) => ({
      series: name, vendor, week, partial: unfinished.has(vendor + week), ...figure(inWeek.get(week) || [], measure),
    }));
  });
  const rows = all.flat(), drawn = all.slice(0, DRAWN_SERIES).flat();
  return { rows, drawn, said: [mostOf(Math.min(DRAWN_SERIES, groups.length), groups.length, `${by}s`), ...leftOut(rows)], words: inWords(drawn) };
}

function inWords(drawn) {
  return [...grouped(drawn.filter((row) => row.value != null && !row.partial), (row) => row.series)].map(([series, rows]) => {
    const first = rows[0], last = rows[rows.length - 1];
    return rows.length > 1 ? `${series}: ${first.value.toFixed(1)} in the week from ${weekName(first.week)}, ${last.value.toFixed(1)} in that from ${weekName(last.week)}.` : "";
  });
}

const extremes = (rows, digits = 1) => {
  const valued = rows.filter((row) => row.value != null).sort((a, b) => b.value - a.value), written = (row) => `${row.label}, ${row.value.toFixed(digits)}.`;
  return valued.length > 1 ? [`Highest: ${written(valued[0])} Lowest: ${written(valued[valued.length - 1])}`] : [];
};

function dotted(rows, shown = DRAWN_ROWS, what = "rows") {
  const valued = rows.filter((row) => row.value != null);
  const most = new Set([...valued].sort((a, b) => b.n - a.n).slice(0, shown));
  return { rows, drawn: valued.filter((row) => most.has(row)), said: [mostOf(Math.min(shown, valued.length), valued.length, what)], words: extremes(valued) };
}

const notes = (rows, of) => [...grouped(rows.filter((row) => row.note), (row) => row.note)].map(([note, found]) =>
  found.length > 3 || !of ? note : `${found.map(of).join(", ")}: ${note}`);

const CONTROL = { score: "quality_score", passed: "pass_rate", failed: "auto_fail_rate" };
const TOO_FEW_FOR_A_CHANGE = {
  ...Object.fromEntries(["value", "value_before", "change", "change_low", "change_high", "within_teams", "mix_of_teams", "by_auto_fails", "by_other_scores"].map((name) => [name, null])),
  note: `One of the months has fewer than ${LEAST} evaluations: too few to compare.`,
};
const TITLES = { quality_score: "Quality score", pass_rate: "Passed", auto_fail_rate: "Auto-failed" };

const ROWS = {
  weeks: (chosen) => ({ ...byWeek(chosen, chosen.measure, chosen.by), title: `${MEASURES[chosen.measure].title} by week and ${chosen.by}` }),

  groups(chosen) {
    const rows = groupsOf(keep(data.weekly, chosen), chosen.by).map(({ group, name }) =>
      ({ label: name, vendor: group[0].vendor, ...figure(group, chosen.measure) }));
    rows.sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
    const found = dotted(rows, DRAWN_ROWS, `${chosen.by}s`);
    return { ...found, said: [...found.said, ...leftOut(rows)], title: `${MEASURES[chosen.measure].title} by ${chosen.by}, all weeks` };
  },

  control(chosen, vendor) {
    const { team, scorecard } = chosen;
    if ([chosen.vendor, team?.[0], scorecard?.[0]].some((of) => of && of !== vendor)) return null;
    const [scope, name] = team ? ["team", team[1]] : scorecard ? ["scorecard", scorecard[1]] : ["all", null];
    const measure = CONTROL[chosen.measure] || "pass_rate";
    const rows = data.control.filter((row) => row.vendor === vendor && row.scope === scope && row.measure === measure && (!name || row.name === name))
      .map((row) => (row.evaluations < LEAST ? { ...row, value: null, interval_low: null, interval_high: null, known: true } : row))
      .map((row) => ({ ...row, n: row.evaluations }));
    const signals = rows.filter((row) => row.signal).map((row) => `Week from ${weekName(row.week)}: ${row.signal}.`);
    return {
      rows, drawn: rows, words: [], said: [...notes(rows), ...signals, ...leftOut(rows)],
      title: `Is a week unlike the others? ${TITLES[measure]}, ${name ? name + " · " : ""}${vendorName(vendor)}`,
      deaf: [team && scorecard ? "Scorecard" : "", CONTROL[chosen.measure] ? "" : "Figure"].filter(Boolean),
    };
  },

  months(chosen) {
    const rows = keep(data.months, chosen, ["vendor"]).map((row) => {
      const few = Math.min(row.evaluations, row.evaluations_before) < LEAST;
      return { ...row, ...(few ? TOO_FEW_FOR_A_CHANGE : {}), month: row.month.slice(0, 7) + (row.is_partial ? " (not over)" : ""), of: `${TITLES[row.measure]} · ${vendorName(row.vendor)}` };
    });
    return { rows, drawn: [], said: [], words: [] };
  },

  pareto(chosen) {
    const questions = [...grouped(keep(data.pareto, chosen), (row) => row.question_key).values()].map((group) =>
      ({ ...group[0], failures: group.reduce((sum, row) => sum + row.failures, 0), n: count(group) }));
    questions.sort((a, b) => b.failures - a.failures);
    const failures = questions.reduce((sum, row) => sum + row.failures, 0);
    let so_far = 0;
    const rows = unique(questions.map((row) => {
      so_far += row.failures;
      const share = failures ? round((100 * so_far) / failures) : null, shown = { ...row, label: `${row.question} · ${row.scorecard}`, value: row.failures, share };
      if (row.n < LEAST_ANSWERS) return { ...shown, few: true, failure_rate: null, known: true };
      const { low, high } = wilson(row.failures, row.n);
      return { ...shown, failure_rate: round((100 * row.failures) / row.n), failure_rate_low: low, failure_rate_high: high };
    }));
    const drawn = rows.filter((row) => !row.few && row.failures).slice(0, 15).map((row) => ({ ...row, text: `${row.failure_rate} %` }));
    const few = rows.filter((row) => row.few).length;
    return {
      rows, drawn,
      said: [few ? `${several(few, "question has", "questions have")} fewer than ${LEAST_ANSWERS} answers, too few for a rate: in the table only.` : ""],
      words: drawn.length ? [`Failed most: ${drawn[0].label}, ${several(drawn[0].failures, "time")} of ${several(drawn[0].n, "answer")}.`] : [],
    };
  },

  agreement(chosen) {
    const rows = keep(data.agreement, chosen, ["vendor", "scorecard"]).map((row) =>
      ({ ...row, label: `${row.scorecard ?? "all scorecards"} · ${vendorName(row.vendor)}`, value: row.ac1, low: row.ac1_low, high: row.ac1_high, n: row.units }));
    const found = dotted(rows);
    return { ...found, words: extremes(found.drawn, 2), said: [...found.said, ...notes(rows, (row) => row.label)] };
  },

  alignment: (chosen) => people(keep(data.alignment, chosen, ["vendor"]), (row) =>
    ({ value: row.bias, low: row.limit_low, high: row.limit_high, n: row.interactions })),

  leniency: (chosen) => people(keep(data.leniency, chosen, ["vendor"]), (row) => ({ value: row.leniency, n: row.linked_evaluations })),

  standing(chosen) {
    const rows = keep(data.standing, chosen, ["vendor", "team"]).map((row) => {
      const few = row.evaluations < LEAST;
      const hidden = few ? { quality_score: null, quality_score_low: null, quality_score_high: null, standing: null } : {};
      const shown = { ...row, ...hidden, label: `${row.agent} · ${vendorName(row.vendor)}`, n: row.evaluations, known: true };
      return { ...shown, value: shown.quality_score, low: shown.quality_score_low, high: shown.quality_score_high, mark: few ? null : row.team_quality_score };
    });
    const found = dotted(unique(rows), DRAWN_ROWS, "agents");
    // Who is highest is chance where there is no rank: what can be told is who is not like the team.
    const agents = (standing) => rows.filter((row) => row.standing === standing).length;
    const words = rows.some((row) => row.standing) ? [`${several(agents("above"), "agent")} above the mean of the team, ${agents("below")} below, ${agents("not told apart")} not told apart from it.`] : [];
    return { ...found, words, said: [...found.said, ...leftOut(rows), ...grouped(rows.filter((row) => row.note), (row) => `${vendorName(row.vendor)}: ${row.note}`).keys()] };
  },

  disputes: (chosen) => byWeek(chosen, "disputed", "vendor"),

  coverage(chosen) {
    const weeks = [...grouped(keep(data.coverage, chosen, ["vendor", "team"]), (row) => row.vendor + row.week).values()];
    const rows = weeks.map((group) => {
      const [agents, without, n] = ["agents", "without", "evaluations"].map((name) => group.reduce((sum, row) => sum + row[name], 0));
      const { vendor, week } = group[0], value = agents < LEAST ? null : round((100 * (agents - without)) / agents);
      return { vendor, week, series: vendorName(vendor), agents, without, n, value, known: true, partial: unfinished.has(vendor + week) };
    });
    return { rows, drawn: rows, said: [], words: inWords(rows) };
  },

  written: () => ({ rows: data.written, drawn: [], said: [data.written.length ? "" : "Nothing was written back."], words: [] }),
};

function people(rows, figures) {
  const found = dotted(unique(rows.map((row) => ({ ...row, label: `${row.evaluator} · ${vendorName(row.vendor)}`, ...figures(row) }))), DRAWN_ROWS, "evaluators");
  return { ...found, said: [...found.said, ...notes(rows, (row) => row.evaluator)] };
}

function unique(rows) {
  const taken = new Map();
  return rows.map((row) => {
    const times = (taken.get(row.label) || 0) + 1;
    taken.set(row.label, times);
    return times > 1 ? { ...row, label: `${row.label} (${times})` } : row;
  });
}
