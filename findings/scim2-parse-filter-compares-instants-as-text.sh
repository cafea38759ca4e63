#!/usr/bin/env bash
# A nightly sync asks by SCIM for users changed since: filter=meta.lastModified gt "2026-06-30T22:45:00Z". The store writes its
# stamps with an offset, as RFC 7643 allows (xsd:dateTime).
# Versions: scim2-parse-filter 0.2.10, scimmy 1.3.5.
# Expected: the values are dates, so instants are compared (RFC 7644, 3.4.2.2: chronologically): 23:30+01:00 is 22:30Z, not after 22:45Z,
#   and 18:00-05:00 is 23:00Z, after it.
# Seen: scim2-parse-filter compares the texts: the first is found, the second, which has changed, is not. scimmy is right here.
source "$(dirname "$0")/common.bash"
node_with scim2-parse-filter@0.2.10 scimmy@1.3.5
seen=$(run_node <<'JS'
(async () => {
  const { parse, filter } = require('scim2-parse-filter'), { default: SCIMMY } = await import('scimmy')
  const text = 'meta.lastModified gt "2026-06-30T22:45:00Z"'
  for (const lastModified of ['2026-06-30T23:30:00+01:00', '2026-06-30T18:00:00-05:00', '2026-06-30T23:00:00Z']) {
    const users = [{ userName: 'jo', meta: { lastModified } }]
    console.log(`${lastModified}: scim2-parse-filter ${users.filter(filter(parse(text))).length}, scimmy ${new SCIMMY.Types.Filter(text).match(users).length}`)
  }
})()
JS
) || true
verdict "$seen" "2026-06-30T23:30:00+01:00: scim2-parse-filter 1, scimmy 0
2026-06-30T18:00:00-05:00: scim2-parse-filter 0, scimmy 1
2026-06-30T23:00:00Z: scim2-parse-filter 1, scimmy 1"
