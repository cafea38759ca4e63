"""What leaves the tap as files: the same as would leave it as records, or an error of one line."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from typing_extensions import override

from qa_harness.destination import Destination
from qa_harness.run import Run, run_tap, select
from qa_sandbox.demo.postgres import free_port
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of
from tests.tap_qa.test_tap import MAPS, SCORES, USERS, assert_mapped

if TYPE_CHECKING:
    from qa_sandbox.vendors.betterworks import Betterworks
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox


def batch_of(folder: Path) -> dict[str, Any]:
    return {
        "encoding": {"format": "jsonl", "compression": "gzip"},
        "storage": {"root": f"file://{folder}", "prefix": "qa-"},
    }


def files_of(run: Run) -> list[dict[str, Any]]:
    rows = []
    for message in run.of_type("BATCH"):
        for url in message["manifest"]:
            with gzip.open(urlsplit(url).path, "rt") as lines:
                rows += [json.loads(line) for line in lines]
    return rows


def test_batches_hold_what_records_would(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, tmp_path: Path) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = {**config_of(sandbox), "batch_config": batch_of(tmp_path)}
    run = run_tap(config, clock=scorebuddy.clock).succeeded()
    assert not run.of_type("RECORD")
    assert_equals_expected_records(Destination().take(run), sandbox, sandbox.streams)
    # The bookmark moves after the files of its window.
    for position, message in enumerate(run.messages):
        if message["type"] == "STATE" and position and run.messages[position - 1]["type"] == "BATCH":
            break
    else:
        pytest.fail("no STATE behind a BATCH")
    reached = ""
    for message in run.messages:
        if message["type"] == "STATE":
            reached = message["value"]["bookmarks"].get(SCORES, {}).get("replication_key_value", "")
        elif message["type"] == "BATCH" and message["stream"] == SCORES:
            for url in message["manifest"]:
                with gzip.open(urlsplit(url).path, "rt") as lines:
                    rows = [json.loads(line) for line in lines]
                assert all(row["last_edit_date"] >= reached for row in rows)
    assert run.bookmark(SCORES) == "2026-06-15T05:59:58+00:00"


@pytest.mark.parametrize("compression", ["gzip", "none"])
def test_parquet_holds_what_records_would_by_the_types_of_the_schema(
    compression: str, scorebuddy: Scorebuddy, betterworks: Betterworks, open_sandbox: OpenSandbox, tmp_path: Path
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra parquet is not installed")
    sandbox = open_sandbox(scorebuddy, betterworks)
    batch = {**batch_of(tmp_path), "encoding": {"format": "parquet", "compression": compression}, "batch_size": 7}
    config, catalog = config_of(sandbox), select(*sandbox.streams)
    plain = run_tap(config, clock=scorebuddy.clock, catalog=catalog).succeeded()
    run = run_tap({**config, "batch_config": batch}, clock=scorebuddy.clock, catalog=catalog)
    schemas = {message["stream"]: message["schema"]["properties"] for message in run.succeeded().of_type("SCHEMA")}
    found: dict[str, list[dict[str, Any]]] = {}
    types: dict[str, set[str]] = {}
    for message in run.of_type("BATCH"):
        for url in message["manifest"]:
            table = parquet.read_table(urlsplit(url).path)
            types.setdefault(message["stream"], set()).add(str(table.schema))
            found.setdefault(message["stream"], []).extend(table.to_pylist())
    for stream in sandbox.streams:
        assert len(types[stream]) == 1  # whatever a file's rows hold
        columns = schemas[stream]
        rows = [{name: as_written(columns[name], value) for name, value in row.items()} for row in found[stream]]
        assert rows == plain.records(stream)


def as_written(column: dict[str, Any], value: Any) -> Any:  # noqa: ANN401 - JSON
    is_json = bool({"object", "array"} & set(column["type"]))
    return json.loads(value, parse_float=Decimal) if is_json and value is not None else value


def test_what_parquet_cannot_hold_is_an_error(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, tmp_path: Path
) -> None:
    pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    batch = {**batch_of(tmp_path), "encoding": {"format": "parquet", "compression": "gzip"}}
    maps = {USERS: {"user_id": "sha256(str(user_id))"}}
    config = {**config_of(open_sandbox(scorebuddy)), "batch_config": batch, "stream_maps": maps}
    run = run_tap(config, clock=scorebuddy.clock, catalog=select(USERS))
    assert run.status == 1
    assert any("user_id is not of the type" in line and "to jsonl" in line for line in run.errors), run.errors


def test_batches_honour_selection_and_maps(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, tmp_path: Path) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = {**config_of(sandbox), "batch_config": batch_of(tmp_path)}
    catalog = select(USERS, without=[f"{USERS}.role"])
    run = run_tap(config, clock=scorebuddy.clock, catalog=catalog).succeeded()
    assert files_of(run)
    assert all("role" not in row for row in files_of(run))
    run = run_tap({**config, "stream_maps": MAPS}, clock=scorebuddy.clock, catalog=select(USERS)).succeeded()
    assert_mapped(files_of(run), sandbox.expected_records(USERS))


def test_batches_with_a_map_that_splits_a_stream_are_refused(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, tmp_path: Path
) -> None:
    sandbox = open_sandbox(scorebuddy)
    maps = {USERS: {"user_id": "user_id"}, "people": {"__source__": USERS, "user_id": "user_id"}}
    config = {**config_of(sandbox), "batch_config": batch_of(tmp_path), "stream_maps": maps}
    run = run_tap(config, clock=scorebuddy.clock, catalog=select(USERS))
    assert run.status == 1
    assert any("stream map" in line and "batch_config" in line for line in run.errors)


def test_a_bad_batch_config_is_one_line(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    bad: list[Any] = [{"encoding": {}}, {"storage": 7}, {"encoding": {"format": "jsonl"}, "storage": {}}, 7]
    for batch in bad:
        run = run_tap({**config_of(sandbox), "batch_config": batch}, clock=scorebuddy.clock, catalog=select(USERS))
        assert run.status == 1, batch
        assert run.failure is None
        assert any("batch_config" in line for line in run.errors), run.errors
        assert "unforeseen" not in run.log_text(20)


def test_a_storage_that_cannot_be_written_is_one_line(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    config = {**config_of(open_sandbox(scorebuddy)), "batch_config": batch_of(tmp_path / "file" / "folder")}
    run = run_tap(config, clock=scorebuddy.clock, catalog=select(USERS))
    assert run.status == 1
    assert any("batch_config.storage: the files can't be written (NotADirectoryError)" in line for line in run.errors)
    assert "unforeseen" not in run.log_text(20)


S3 = {**batch_of(Path()), "storage": {"root": "s3://qa-bucket/files"}}


def use_s3(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "AKIASECRET",
        "AWS_SECRET_ACCESS_KEY": "a-secret-key",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)


class S3Host(BaseHTTPRequestHandler):
    """Says the same to every request, whatever it is about."""

    status, body = 403, b""

    def handle_any(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(self.status)
        self.send_header("content-length", str(len(self.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(self.body)

    do_GET = do_PUT = do_POST = do_HEAD = handle_any  # noqa: N815 - http.server calls them so

    @override
    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, b"<Error><Code>AccessDenied</Code><Message>key AKIASECRET</Message></Error>"),
        (403, b"<Error><Code>InvalidAccessKeyId</Code></Error>"),
        (200, b"<html>a proxy's page</html>"),
        (200, b"{}"),
    ],
)
def test_an_s3_host_that_refuses_or_is_none_is_one_line(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes
) -> None:
    s3fs = pytest.importorskip("s3fs", reason="an extra: uv sync --extra s3")
    s3fs.S3FileSystem.clear_instance_cache()
    host = type("Host", (S3Host,), {"status": status, "body": body})
    with ThreadingHTTPServer(("127.0.0.1", 0), host) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        use_s3(server.server_address[1], monkeypatch)
        config = {**config_of(open_sandbox(scorebuddy)), "batch_config": S3}
        run = run_tap(config, clock=scorebuddy.clock, catalog=select(USERS))
        server.shutdown()
    assert run.status == 1
    assert any("batch_config.storage: the files can't be written" in line for line in run.errors), run.errors
    text = run.log_text()
    assert "unforeseen" not in text
    assert "a-secret-key" not in text
    assert "Signature=" not in text


def test_an_s3_host_that_is_away_is_tried_by_one_stream(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3fs = pytest.importorskip("s3fs", reason="an extra: uv sync --extra s3")
    s3fs.S3FileSystem.clear_instance_cache()
    use_s3(free_port(), monkeypatch)
    config = {**config_of(open_sandbox(scorebuddy)), "batch_config": S3}
    run = run_tap(config, clock=scorebuddy.clock, catalog=select(USERS, SCORES))
    assert run.status == 75
    failures = [line for line in run.errors if "the files can't be written (EndpointConnectionError)" in line]
    assert len(failures) == 2
    assert not scorebuddy.request_log.matching("/scores$"), "what can't be written is not read"
