#!/usr/bin/env bash
# An identity provider asks by SCIM for two agents by name: filter=userName eq "ann" or userName eq "bob" and title pr.
# scim2-filter-parser (django-scim2 uses it) makes SQL of the filter.
# Versions: scim2-filter-parser 0.7.0.
# Expected: "and" before "or" (RFC 7644, 3.4.2.2: "Logical expressions are evaluated left to right, with 'and' operators evaluated
#   before 'or'"): ann, with or without a title, and bob if he has one.
# Seen: from left to right alone, ("ann" or "bob") and title: ann, who has no title, is not found, so she is made once more. With "and"
#   first, or with parentheses, it is right.
source "$(dirname "$0")/common.bash"
python_with scim2-filter-parser==0.7.0
seen=$(run_python <<'PY'
import sqlite3

from scim2_filter_parser.queries import SQLQuery

users = sqlite3.connect(":memory:")
users.execute("create table users (name text, title text)")
users.executemany("insert into users values (?, ?)", [("ann", None), ("bob", "agent"), ("cid", "agent")])
columns = {("userName", None, None): "users.name", ("title", None, None): "users.title"}
for text in (
    'userName eq "ann" or userName eq "bob" and title pr',
    'userName eq "bob" and title pr or userName eq "ann"',
    'userName eq "ann" or (userName eq "bob" and title pr)',
):
    query = SQLQuery(text, "users", columns, [])
    where = query.where_sql.format(**{key: f":{key}" for key in query.params_dict})
    print(text, "->", [name for (name,) in users.execute(f"select name from users where {where} order by name", query.params_dict)])
PY
) || true
verdict "$seen" "userName eq \"ann\" or userName eq \"bob\" and title pr -> ['bob']
userName eq \"bob\" and title pr or userName eq \"ann\" -> ['ann', 'bob']
userName eq \"ann\" or (userName eq \"bob\" and title pr) -> ['ann', 'bob']"
