"""Where the lists are.

Only `goals/filter/` was seen in the vendor's own samples and `users/` in part; the others follow the vendor's way of
naming and can be set by `betterworks.paths`.
"""

from __future__ import annotations

PATHS = {
    "betterworks_users": "users/",
    "betterworks_goals": "goals/filter/",
    "betterworks_departments": "departments/",
    "betterworks_conversation_templates": "conversation_templates/",
    "betterworks_conversations": "conversations/",
    "betterworks_feedback_templates": "feedback_templates/",
    "betterworks_feedback": "feedback/",
    "betterworks_recognition": "recognition/",
    "betterworks_calibration_cycles": "calibration_cycles/",
    "betterworks_calibration_records": "calibration_records/",
}
