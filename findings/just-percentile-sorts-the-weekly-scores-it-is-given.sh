#!/usr/bin/env bash
# A chart of weekly scores with a line at the 90th percentile: the percentile is asked of the array that the chart draws.
# Versions: just-percentile 4.2.0, simple-statistics 7.12.1, d3-array 3.2.5.
# Expected: a function that computes a number leaves its argument as it is, as the other two do.
# Seen: just-percentile sorts the array in place, so the chart shows a steady rise instead of the weeks.
source "$(dirname "$0")/common.bash"
node_with just-percentile@4.2.0 simple-statistics@7.12.1 d3-array@3.2.5
seen=$(run_node <<'JS'
(async () => {
  const weeks = [88, 71, 95, 83]
  for (const [name, quantile] of [
    ['d3-array', (await import('d3-array')).quantile],
    ['simple-statistics', require('simple-statistics').quantile],
    ['just-percentile', (await import('just-percentile')).default],
  ]) {
    const scores = [...weeks]
    console.log(`${name}: ${quantile(scores, 0.9).toFixed(1)}, afterwards the weeks are`, ...scores)
  }
})()
JS
) || true
verdict "$seen" "d3-array: 92.9, afterwards the weeks are 88 71 95 83
simple-statistics: 92.9, afterwards the weeks are 88 71 95 83
just-percentile: 92.9, afterwards the weeks are 71 83 88 95"
