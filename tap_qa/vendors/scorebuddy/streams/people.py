"""Groups, teams, and the people in them."""

from __future__ import annotations

from tap_qa.vendors.scorebuddy.streams.base import ScorebuddyTable


class Groups(ScorebuddyTable):
    """Groups."""

    name = "scorebuddy_groups"
    primary_keys = ("group_id",)
    path = "groups"
    scope = "groups:read"
    envelope = ("groups",)
    limit = 100


class Teams(ScorebuddyTable):
    """Teams of groups."""

    name = "scorebuddy_teams"
    primary_keys = ("team_id",)
    path = "teams"
    scope = "teams:read"
    envelope = ("teams",)
    limit = 100
    group_filter = "group_id"


class Users(ScorebuddyTable):
    """The people who score, administrate or look at reports."""

    name = "scorebuddy_users"
    primary_keys = ("user_id",)
    path = "users"
    scope = "users:read"
    envelope = ("users",)
    limit = 25


class Employees(ScorebuddyTable):
    """The people whose contacts are scored."""

    name = "scorebuddy_employees"
    primary_keys = ("staff_id",)
    path = "staff/employees"
    scope = "staff:read"
    envelope = ("employees", "staff")
    limit = 25
    group_filter = "group_id"


class Supervisors(ScorebuddyTable):
    """The people who lead them."""

    name = "scorebuddy_supervisors"
    primary_keys = ("staff_id",)
    path = "staff/supervisors"
    scope = "staff:read"
    envelope = ("supervisors", "staff")
    limit = 25
    group_filter = "group_id"
