"""The headline figures a second time: in Python, from what the vendors hold, without loader, warehouse or SQL.

The definitions are the marts' own (the pass mark, the inferred auto-fail), so this holds the SQL to them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import permutations
from statistics import fmean, variance
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tests.transform.raw_tables import Tables

PASS_MARK = 80.0
TOLERANCE = 5.0
DISPUTED = {"Dispute", "In Review", "Completed Reviewed"}
GRADE = ("gradable_id", "agent_id", "rubric_id", "grader", "grade_type", "target_answer_id")
CXONE_EVALUATION = ("workflow_id", "start_date", "evaluator_first_name", "evaluator_last_name")
CXONE_ANSWER = ("workflow_instance_id", "evaluation_start_date", "evaluator_first_name", "evaluator_last_name")
Answers = dict[str, tuple[object, float | None, float | None]]
"""By question: the answer, its points and their maximum."""


@dataclass(frozen=True)
class Evaluation:
    """One evaluation that counts for quality."""

    percent: float
    points: float
    maximum: float
    passed: bool
    auto_failed: bool
    disputed: bool | None


@dataclass(frozen=True)
class Grade:
    """One grade of a calibration: the score without an auto-fail, and the answers."""

    session: tuple[Any, ...]
    evaluator: object
    is_final: bool
    percent: float
    answers: Answers


def headline(raw: Tables) -> dict[str, dict[str, float | None]]:
    """Return the figures of each vendor, named as in qa_metrics."""
    return {
        "scorebuddy": _quality(_scorebuddy(raw)) | _calibration([]),
        "maestroqa": _quality(_maestroqa(raw)) | _calibration(list(_maestroqa_grades(raw))),
        "cxone": _quality(_cxone(raw)) | _calibration(list(_cxone_grades(raw))),
    }


def _quality(evaluations: Iterable[Evaluation]) -> dict[str, float | None]:
    found = list(evaluations)
    known = found[0].disputed is not None
    return {
        "evaluations": len(found),
        "quality_score": fmean(each.percent for each in found),
        "quality_score_by_points": 100 * sum(each.points for each in found) / sum(each.maximum for each in found),
        "pass_rate": 100 * fmean(each.passed for each in found),
        "auto_fail_rate": 100 * fmean(each.auto_failed for each in found),
        "quality_score_of_others": fmean(each.percent for each in found if not each.auto_failed),
        "dispute_rate": 100 * fmean(bool(each.disputed) for each in found) if known else None,
    }


def _scorebuddy(raw: Tables) -> Iterator[Evaluation]:
    refused = {row["score_id"] for row in raw["scorebuddy_score_reviews"] if not row["accepted"]}
    for row in raw["scorebuddy_scores"]:
        percent = float(row["percentage"])
        points = 0.0 if row["fail_all"] and not percent else float(row["score"])
        passed = not row["below_target"] and not row["fail_all"]
        yield Evaluation(percent, points, float(row["max_score"]), passed, row["fail_all"], row["score_id"] in refused)


def _maestroqa(raw: Tables) -> Iterator[Evaluation]:
    best = _best_sections(raw)
    for row in raw["maestroqa_total_scores"]:
        if row["grade_type"] == "grading" and row["target_answer_id"] is None and row["rubric_score"] is not None:
            points, maximum = float(row["rubric_score"]), float(row["max_rubric_score"])
            percent, failed = 100 * points / maximum, not points and best[_key(row, GRADE)] > 0
            yield Evaluation(percent, points, maximum, percent >= PASS_MARK and not failed, failed, None)


def _best_sections(raw: Tables) -> dict[tuple[Any, ...], float]:
    best: dict[tuple[Any, ...], float] = defaultdict(float)
    for row in raw["maestroqa_section_scores"]:
        best[_key(row, GRADE)] = max(best[_key(row, GRADE)], float(row["section_score"] or 0))
    return best


def _cxone(raw: Tables) -> Iterator[Evaluation]:
    for row in raw["cxone_qm_workflows"]:
        ordinary = row["evaluation_flow_trigger"] != "Calibration" and row["type"] != "Self-Assessment"
        if ordinary and row["score_percentage"] is not None:
            percent, failed = float(row["score_percentage"]), row["failed_critical_question"]
            disputed = bool(
                row["workflow_status"] in DISPUTED
                or row["user_review_comments"] is not None
                or row["dispute_resolver_last_name"]
            )
            points, maximum = float(row["score"]), float(row["maximum_possible_score"])
            yield Evaluation(percent, points, maximum, percent >= PASS_MARK and not failed, failed, disputed)


def _key(row: Mapping[str, Any], columns: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[column] for column in columns)


def _number(value: Any) -> float | None:  # noqa: ANN401 - a number or none
    return None if value is None else float(value)


def _points_percent(answers: Answers) -> float:
    scored = [(points, maximum) for _, points, maximum in answers.values() if points is not None and maximum]
    return 100 * sum(points for points, _ in scored) / sum(maximum for _, maximum in scored)


def _answer(points: float | None, maximum: float | None) -> tuple[object, float | None, float | None]:
    if points is None or not maximum:
        return "N/A", None, None
    return round(1000 * points / maximum), points, maximum


def _maestroqa_grades(raw: Tables) -> Iterator[Grade]:
    best = _best_sections(raw)
    answers: dict[tuple[Any, ...], Answers] = defaultdict(dict)
    for row in raw["maestroqa_individual_answers"]:
        found = _answer(_number(row["question_score"]), _number(row["max_question_score"]))
        answers[_key(row, GRADE)][row["question_id"]] = found
    for row in raw["maestroqa_total_scores"]:
        if row["grade_type"].startswith("calibration") and row["rubric_score"] is not None:
            own = answers[_key(row, GRADE)]
            percent = 100 * float(row["rubric_score"]) / float(row["max_rubric_score"])
            yield Grade(
                _key(row, ("gradable_id", "agent_id", "rubric_id")),
                row["grader"],
                row["grade_type"] == "calibration_final",
                _points_percent(own) if not percent and best[_key(row, GRADE)] > 0 else percent,
                own,
            )


def _cxone_grades(raw: Tables) -> Iterator[Grade]:
    answers: dict[tuple[Any, ...], Answers] = defaultdict(dict)
    for row in raw["cxone_qm_questions"]:
        if row["scorable"]:
            found = _answer(_number(row["actual_score"]), _number(row["max_score"]))
            answers[_key(row, CXONE_ANSWER)][row["question_id"]] = found
    for row in raw["cxone_qm_workflows"]:
        if row["evaluation_flow_trigger"] == "Calibration" and row["score_percentage"] is not None:
            own = answers[_key(row, CXONE_EVALUATION)]
            failed = row["failed_critical_question"]
            yield Grade(
                _key(row, ("segment_id", "agent_id", "form_name", "form_version")),
                _key(row, ("evaluator_first_name", "evaluator_last_name")),
                is_final=False,
                percent=_points_percent(own) if failed else float(row["score_percentage"]),
                answers=own,
            )


def _calibration(grades: list[Grade]) -> dict[str, float | None]:
    sessions: dict[tuple[Any, ...], list[Grade]] = defaultdict(list)
    for grade in grades:
        sessions[grade.session].append(grade)
    deviations: list[float] = []
    variances: list[float] = []
    aligned: list[bool] = []
    near: list[tuple[float, int]] = []
    units: list[float] = []
    for session in sessions.values():
        raters = [grade for grade in session if not grade.is_final]
        if len(raters) > 1:
            variances.append(variance(rater.percent for rater in raters))
            units += _unit_agreement(raters)
            for rater in raters:
                finals = [grade for grade in session if grade.is_final and grade.evaluator != rater.evaluator]
                others = finals or [other for other in raters if other is not rater]
                deviations.append(rater.percent - fmean(other.percent for other in others))
                scored = sum(1 for _, points, _ in rater.answers.values() if points is not None)
                aligned.append(abs(deviations[-1]) <= max(TOLERANCE, 100 / scored) + 1e-9)
                near += _nearness(rater, others)
    pairs = sum(count for _, count in near)
    return {
        "calibrations": len(variances),
        "calibration_grades": len(deviations),
        "mean_deviation": fmean(map(abs, deviations)) if deviations else None,
        "mean_variance": fmean(variances) if variances else None,
        "aligned_rate": 100 * fmean(aligned) if aligned else None,
        "alignment": sum(share * count for share, count in near) / pairs if pairs else None,
        "agreement": 100 * fmean(units) if units else None,
    }


def _nearness(rater: Grade, others: list[Grade]) -> list[tuple[float, int]]:
    """Return the rater's alignment in percent and over how many pairs of answers."""
    missed = possible = 0.0
    count = 0
    for other in others:
        for question, (_, points, maximum) in rater.answers.items():
            theirs = other.answers.get(question, (None, None, None))[1]
            if points is not None and maximum is not None and theirs is not None:
                missed, possible, count = missed + abs(points - theirs), possible + maximum, count + 1
    return [(100 * (1 - missed / possible), count)] if count else []


def _unit_agreement(raters: list[Grade]) -> list[float]:
    """Return the share of pairs that agree, for each question that two raters or more answered."""
    questions = {question for rater in raters for question in rater.answers}
    given = [[rater.answers[q][0] for rater in raters if q in rater.answers] for q in questions]
    return [fmean(one == other for one, other in permutations(answers, 2)) for answers in given if len(answers) > 1]
