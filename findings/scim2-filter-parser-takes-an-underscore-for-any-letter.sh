#!/usr/bin/env bash
# An identity provider looks up agents by the beginning of a user name that has an underscore: filter=userName sw "jo_". Names such as
# jo_sample are usual. scim2-filter-parser (django-scim2 uses it) makes SQL of the filter.
# Versions: scim2-filter-parser 0.7.0.
# Expected: names that begin with the three characters j, o and _; SCIM knows no wildcards (RFC 7644: "The entire operator value must be
#   a substring of the attribute value, starting at the beginning").
# Seen: LIKE 'jo_%', where _ is any letter: john, joan and jo_sample; co "100%" finds 1000 as well.
source "$(dirname "$0")/common.bash"
python_with scim2-filter-parser==0.7.0
seen=$(run_python <<'PY'
import sqlite3

from scim2_filter_parser.queries import SQLQuery

users = sqlite3.connect(":memory:")
users.execute("create table users (name text)")
users.executemany("insert into users values (?)", [("jo_sample",), ("john",), ("joan",), ("team100%",), ("team1000",)])
for text in ('userName sw "jo_"', 'userName co "100%"', 'userName eq "jo_"'):
    query = SQLQuery(text, "users", {("userName", None, None): "users.name"}, [])
    where = query.where_sql.format(**{key: f":{key}" for key in query.params_dict})
    print(text, "->", [name for (name,) in users.execute(f"select name from users where {where} order by name", query.params_dict)])
PY
) || true
verdict "$seen" "userName sw \"jo_\" -> ['jo_sample', 'joan', 'john']
userName co \"100%\" -> ['team100%', 'team1000']
userName eq \"jo_\" -> []"
