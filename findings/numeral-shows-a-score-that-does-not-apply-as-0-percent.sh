#!/usr/bin/env bash
# A page shows scores of questions with numeral's formats; some do not apply (null) or say "N/A", one is not a number.
# Versions: npm's numeral 2.0.6, d3-format 3.1.3.
# Expected: "N/A", "NaN" or an empty text: numeral("N/A").value() is null, so it knows that this is no number.
# Seen: "0%" for null, "N/A" and NaN alike, as for a score of 0, with each format; undefined too. A decimal comma is taken for thousands: "85,5" is 855.
source "$(dirname "$0")/common.bash"
node_with numeral@2.0.6 d3-format@3.1.3
seen=$(run_node <<'JS'
const numeral = require('numeral')
for (const score of [0.855, 0, null, 'N/A', NaN, undefined, '85,5'])
  console.log(score, '->', numeral(score).format('0%'), numeral(score).format('0.0'), 'value:', numeral(score).value())
import('d3-format').then(({ format }) => console.log('d3-format, "N/A":', format('.0%')('N/A')))
JS
) || true
verdict "$seen" "0.855 -> 86% 0.9 value: 0.855
0 -> 0% 0.0 value: 0
null -> 0% 0.0 value: null
N/A -> 0% 0.0 value: null
NaN -> 0% 0.0 value: null
undefined -> 0% 0.0 value: 0
85,5 -> 85500% 855.0 value: 855
d3-format, \"N/A\": NaN%"
