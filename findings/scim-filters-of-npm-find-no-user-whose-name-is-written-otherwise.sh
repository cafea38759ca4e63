#!/usr/bin/env bash
# An identity provider looks an agent up by SCIM before it makes one: filter=userName eq "Jo.Sample@example.com"; the store has
# jo.sample@example.com. RFC 7643: userName is not case-exact, so the filter has to find it; names of attributes don't care either.
# Versions: scim2-parse-filter 0.2.10, scimmy 1.3.5.
# Expected: one user found.
# Seen: none with both, for eq as for sw and co, so a second user is made; "username" and "EQ" in another case are understood.
source "$(dirname "$0")/common.bash"
node_with scim2-parse-filter@0.2.10 scimmy@1.3.5
seen=$(run_node <<'JS'
(async () => {
  const { parse, filter } = require('scim2-parse-filter'), { default: SCIMMY } = await import('scimmy')
  const users = [{ userName: 'jo.sample@example.com', active: true }]
  for (const text of [
    'userName eq "jo.sample@example.com"', 'username EQ "jo.sample@example.com"',
    'userName eq "Jo.Sample@example.com"', 'userName sw "Jo"', 'userName co "Sample"',
  ])
    console.log(`${text}: scim2-parse-filter ${users.filter(filter(parse(text))).length}, scimmy ${new SCIMMY.Types.Filter(text).match(users).length}`)
})()
JS
) || true
verdict "$seen" 'userName eq "jo.sample@example.com": scim2-parse-filter 1, scimmy 1
username EQ "jo.sample@example.com": scim2-parse-filter 1, scimmy 1
userName eq "Jo.Sample@example.com": scim2-parse-filter 0, scimmy 0
userName sw "Jo": scim2-parse-filter 0, scimmy 0
userName co "Sample": scim2-parse-filter 0, scimmy 0'
