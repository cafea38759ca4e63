"""What a user reads is in our words; and what the check of wording finds, and leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.style.__main__ import complaints
from tools.style.prose import Prose, prose, without_code
from tools.style.slips import slips
from tools.style.words import wrong_words

ROOT = Path(__file__).parents[2]


def test_what_a_user_reads_is_in_our_words() -> None:
    assert complaints(ROOT) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The span is cut into windows, e.g. days.", ["span", "e.g."]),
        ("Mending a row takes three tries.", ["Mending", "tries"]),
        ("`scoreId` in the answer", ["«1» in the answer"]),
        ("The Spaniard asked for an answer of the agent, by e-mail.", []),
        ("`span` and `please` are code.", []),
    ],
)
def test_words_that_should_be_others_are_found(text: str, words: list[str]) -> None:
    assert sorted(word for word, _ in wrong_words(without_code(text))) == sorted(words)


def test_a_slip_is_found_where_it_stands() -> None:
    pieces = [Prose("a", "All is well."), Prose("b", "It is is wrong."), Prose("c", "It is"), Prose("d", "is right.")]
    (found,) = slips(pieces)
    assert found.startswith("b: ")


def test_prose_is_documents_descriptions_and_texts_of_the_code_without_what_is_code(tmp_path: Path) -> None:
    files = {
        "README.md": "# Title\n\nA [link](x.md).\n\n```bash\nnot prose\n```\n\n| cell one | cell `two` |\n",
        "CONTRIBUTING.md": "",
        "CHANGELOG.md": "",
        "SECURITY.md": "",
        "schemas/acme/calls.json": '{"description": "Calls.", "properties": {"id": {"description": "The id."}}}',
        "tap_qa/a.py": '"""A docstring of some words."""\nX = "A text of four words"\nY = "a key"\n',
        "docs/streams/generated.md": "Not looked at.",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert [piece.text for piece in prose(tmp_path)] == [
        "# Title",
        "A link.",
        "cell one",
        "cell «1»",
        "Calls.",
        "The id.",
        "A text of four words",
    ]
    assert {piece.place for piece in prose(tmp_path)} >= {"README.md:3", "tap_qa/a.py:2", "schemas/acme/calls.json"}
