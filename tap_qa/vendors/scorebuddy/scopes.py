"""Which scope each stream needs, by the Open API document (1.8.1)."""

from __future__ import annotations

SCOPES = {
    "scorebuddy_groups": "groups:read",
    "scorebuddy_teams": "teams:read",
    "scorebuddy_users": "users:read",
    "scorebuddy_employees": "staff:read",
    "scorebuddy_supervisors": "staff:read",
    "scorebuddy_scorecards": "scorecards:read",
    "scorebuddy_scorecard_versions": "scorecards:read",
    "scorebuddy_scores": "scores:read",
    "scorebuddy_export_questions": "export:read",
    "scorebuddy_score_reviews": "scores:read",
}
