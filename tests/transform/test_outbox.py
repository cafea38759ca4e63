"""The SQL that `docs/target-qa.md` gives for what target-qa is to send, on the marts of PostgreSQL."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from tests.transform.dbt_project import Outcome, Warehouse

PAGE = Path(__file__).parents[2] / "docs" / "target-qa.md"
MY_GOALS = """
    create table my_goals as
    select distinct team_name, 'goal of ' || team_name as goal_id from qa.qa_evaluations
"""


def test_the_page_says_how_a_marts_figure_becomes_a_goals_progress(on_postgres: tuple[Warehouse, Outcome]) -> None:
    table, check_ins = (
        re.sub("^  ", "", block, flags=re.MULTILINE)
        for block in re.findall(r"```sql\n(.*?)\n *```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    )
    with psycopg.connect(on_postgres[0].environment["URL"]) as connection:
        connection.execute(table)
        connection.execute(MY_GOALS)
        connection.execute(check_ins)
        sent = connection.execute("select goal_id, value, measured_at from qa_outbox.betterworks_checkins").fetchall()
        charted = connection.execute(
            "select distinct scope_name from qa.qa_control_chart where scope = 'team' and measure = 'pass_rate'"
        ).fetchall()
        connection.rollback()
    assert len(sent) == len(charted) > 1, "a row a goal"
    assert {goal for goal, _, _ in sent} == {f"goal of {team}" for (team,) in charted}
    assert all(0 <= value <= 100 for _, value, _ in sent)
    assert all(measured_at.weekday() == 0 for _, _, measured_at in sent), "weeks end on Mondays at midnight"
