"""The installed command, as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from qa_sandbox.http import effects
from qa_sandbox.plausible_data import seeded_rng
from target_qa.resources.idempotency_key import KEY_FIELD
from tests.target_qa.support import Message, record, schema, state, table

if TYPE_CHECKING:
    from qa_sandbox.http.request_log import ReceivedRequest
    from qa_sandbox.vendors.canary_speech import CanarySpeech

TARGET = Path(sys.executable).with_name("target-qa")
ROOT = Path(__file__).parents[2]
STREAM = "canary_speech_scores"
Config = dict[str, Any]


def score(canary: CanarySpeech, number: int, **values: object) -> dict[str, Any]:
    return {
        "id": number,
        "assessment_id": canary.dataset.watched[number % 3],
        "date_recorded": "2026-06-14T12:00:00Z",
        "score_id": f"S{number}",
        "score_type": "number",
        "score_data": number,
        **values,
    }


def command(config: Config, messages: list[Message], folder: Path) -> list[str]:
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "input.jsonl").write_text("".join(json.dumps(message) + "\n" for message in messages))
    return [str(TARGET), "--config", str(folder / "config.json"), "--input", str(folder / "input.jsonl")]


def run(config: Config, messages: list[Message], folder: Path) -> subprocess.CompletedProcess[str]:
    line = command(config, messages, folder)
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603


def test_it_ends_well_and_confirms_its_state(canary: CanarySpeech, config: Config, tmp_path: Path) -> None:
    done = run(config, table(STREAM, [score(canary, 1)]), tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"rows": 1}
    assert f"{STREAM}: created=1" in done.stderr
    assert canary.api_key not in done.stderr


def test_refusals_end_it_with_1_and_a_line_each(canary: CanarySpeech, config: Config, tmp_path: Path) -> None:
    rows = [score(canary, 1, score_id=None), score(canary, 2, date_recorded="soon")]
    done = run(config, table(STREAM, rows), tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout.splitlines()[-1]) == {"rows": 2}
    told = [line for line in done.stderr.splitlines() if "ERROR" in line]
    assert len(told) == 3
    assert "Traceback" not in done.stderr
    assert len((tmp_path / "refused.jsonl").read_text().splitlines()) == 2


def test_foreseen_failures_have_no_traceback(config: Config, tmp_path: Path) -> None:
    for messages in (table("unheard_of", [{"id": 1}]), [{"type": "RECORD", "stream": "x"}]):
        done = run(config, messages, tmp_path)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
    config["canary_speech"]["api_key"] = 5
    done = run(config, [], tmp_path)
    assert done.returncode == 1
    assert "canary_speech.api_key must be of type string" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_line_that_is_no_json_is_not_quoted(config: Config, tmp_path: Path) -> None:
    line = command(config, [], tmp_path)
    (tmp_path / "input.jsonl").write_text('{"type": "RECORD", "record": {"name": "Jane Doe"\n')
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    assert done.returncode == 1
    assert "input: a line of it is no JSON" in done.stderr
    assert "Jane" not in done.stderr


def test_messages_are_utf_8_whatever_the_locale_says(canary: CanarySpeech, config: Config, tmp_path: Path) -> None:
    row = score(canary, 1, extra_data={"name": "Zoë"})
    good = "".join(json.dumps(message, ensure_ascii=False) + "\n" for message in table(STREAM, [row])).encode()
    line = command(config, [], tmp_path)
    del line[-2:]
    env = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for text in (b"\xef\xbb\xbf" + good, good.replace("ë".encode(), b"\xeb")):
        done = subprocess.run(line, input=text, capture_output=True, timeout=60, check=False, env=env)  # noqa: S603
        assert b"Traceback" not in done.stderr
    assert done.returncode == 1
    assert b"a line of it is not UTF-8" in done.stderr
    assert [(found.extra_data or {})["name"] for found in canary.dataset.project.scores[-1:]] == ["Zoë"]


@pytest.mark.parametrize("kind", ["file", "link"])
def test_refused_records_are_for_their_owners_eyes_only(
    canary: CanarySpeech, config: Config, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "refused.jsonl"
    kept = path if kind == "file" else tmp_path / "elsewhere.jsonl"
    kept.touch(mode=0o644)
    if kind == "link":
        path.symlink_to(kept)
    assert run(config, table(STREAM, [score(canary, 1, score_id=None)]), tmp_path).returncode == 1
    assert kept.stat().st_size > 0
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("sign", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)])
def test_signals_end_it_at_once(
    canary: CanarySpeech, config: Config, tmp_path: Path, sign: signal.Signals, status: int
) -> None:
    canary.faults.add(effects.retry_after(600), path="put-score", times=None)
    messages = table(STREAM, [score(canary, 1)])
    with subprocess.Popen(  # noqa: S603
        command(config, messages, tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "try 1 of" in line:
                break
        process.send_signal(sign)
        out, err = process.communicate(timeout=5)
    assert process.returncode == status
    assert "Traceback" not in err
    assert out == ""


@pytest.mark.slow
def test_kills_of_the_process_leave_no_doubles_and_no_gaps(
    canary: CanarySpeech, config: Config, tmp_path: Path
) -> None:
    rng = seeded_rng("real kills", 1)
    before = len(canary.dataset.project.scores)
    rows = [score(canary, number) for number in range(40)]
    head, rest = schema(STREAM, rows[0]), []
    for number, row in enumerate(rows):
        rest += [record(STREAM, **row), state({"sent": number})]
    running: list[subprocess.Popen[str]] = []
    puts_left = 0

    def kill(call: ReceivedRequest) -> None:
        nonlocal puts_left
        if call.path.endswith("put-score"):
            puts_left -= 1
            if puts_left == 0:
                os.kill(running[-1].pid, signal.SIGKILL)

    canary.dataset.on_request.append(kill)
    kills = 0
    while True:
        puts_left = rng.randint(1, 8) if kills < 8 else 0
        line = command(config, [head, *rest], tmp_path)
        with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
            running.append(process)
            out, err = process.communicate(timeout=60)
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL, err
        kills += 1
        whole = [text for text in out.splitlines(keepends=True) if text.endswith("\n")]
        if whole:
            rest = rest[rest.index(state(json.loads(whole[-1]))) + 1 :]
    assert kills > 4
    came = canary.dataset.project.scores[before:]
    assert all(KEY_FIELD in (found.extra_data or {}) for found in came)
    assert Counter(found.score_id for found in came) == Counter(row["score_id"] for row in rows)


def test_meltano_knows_all_settings() -> None:
    done = subprocess.run(  # noqa: S603
        [TARGET, "--about", "--format=json"], capture_output=True, text=True, timeout=60, check=True
    )
    about = json.loads(done.stdout)
    project = yaml.safe_load((ROOT / "meltano.yml").read_text(encoding="utf-8"))
    (loader,) = (found for found in project["plugins"]["loaders"] if found["name"] == "target-qa")
    declared = {setting["name"]: setting for setting in loader["settings"]}
    told = dict(_settings(about["settings"]))
    assert set(declared) == set(told)
    assert {name for name, setting in declared.items() if setting.get("sensitive")} == {
        name for name, setting in told.items() if setting.get("secret")
    }
    assert {name: setting["value"] for name, setting in declared.items() if "value" in setting} == {
        name: setting["default"]
        for name, setting in told.items()
        if setting.get("default") not in (None, {}) and "." not in name
    }
    assert loader["capabilities"] == about["capabilities"]


def _settings(declared: dict[str, Any], prefix: str = "") -> list[tuple[str, dict[str, Any]]]:
    found = []
    for name, setting in declared["properties"].items():
        if setting.get("properties") and not isinstance(setting.get("additionalProperties"), dict):
            found += _settings(setting, f"{prefix}{name}.")
        else:
            found.append((prefix + name, setting))
    return found
