"""A thousand lines with something in them that must not be stored, and none of it left."""

import json
import random
from collections.abc import Callable

import pytest

from tests.support.logstash.logstash import Pipeline, shipped

DICE = random.Random(7)  # noqa: S311 the same lines every time
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz0123456789"


def word(length: int, letters: str = LETTERS) -> str:
    return "".join(DICE.choice(letters) for _ in range(length))


def sin() -> str:
    """A number that adds up, as a social insurance number does."""
    digits = [DICE.randrange(1, 10) for _ in range(8)]
    total = sum(sum(divmod(digit * 2, 10)) if index % 2 else digit for index, digit in enumerate(digits))
    digits.append(-total % 10)
    text = "".join(map(str, digits))
    return DICE.choice([text, f"{text[:3]}-{text[3:6]}-{text[6:]}", f"{text[:3]} {text[3:6]} {text[6:]}"])


def postal_code() -> str:
    code = (
        f"{DICE.choice('KLMNP')}{DICE.randrange(10)}{DICE.choice('ABC')}",
        f"{DICE.randrange(10)}B{DICE.randrange(10)}",
    )
    return DICE.choice([" ", "", "-"]).join(code)


SECRETS: dict[str, Callable[[], tuple[str, str]]] = {
    "password": lambda: (word(12), DICE.choice(["password={}", '"password": "{}"', "PGPASSWORD={}", "passwd: {}"])),
    "token": lambda: (word(24), DICE.choice(["token={}", "api_key: {}", "x-api-key={}", "GET /a?access_token={}&b=1"])),
    "bearer": lambda: (word(32), DICE.choice(["Authorization: Bearer {}", '{{"authorization": "bearer {}"}}'])),
    "web token": lambda: (f"eyJ{word(20)}.{word(30)}.{word(20)}", "got {}"),
    "cloud key": lambda: (f"AKIA{word(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}", "key {} is old"),
    "forge token": lambda: (f"ghp_{word(36)}", "pushed with {}"),
    "address with password": lambda: (word(14), "connecting to postgresql://app:{}@db:5432/openpolicy"),
    "session": lambda: (word(26), "Cookie: session_id={}; theme=dark"),
    "private key": lambda: (word(64), "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----"),
    "insurance number": lambda: (sin(), "applicant {} was refused"),
    "e-mail": lambda: (f"{word(8)}@{word(6)}.ca", "mail to {} bounced"),
    "postal code": lambda: (postal_code(), "search for {} found 1"),
    "address": lambda: (f"203.0.{DICE.randrange(100)}.{DICE.randrange(10, 255)}", "from {} again"),
    "long address": lambda: (
        f"2001:db8:85a3:{DICE.randrange(1, 9999)}::8a2e:{DICE.randrange(1, 9999)}",
        "from {} again",
    ),
}
WHERES: dict[str, Callable[[str], str]] = {
    "text": lambda said: said.replace("\n", " "),
    "message": lambda said: json.dumps({"message": said, "log.level": "info"}),
    "exception": lambda said: json.dumps({"event": "failed", "level": "error", "exception": f"ValueError: {said}"}),
    "label": lambda said: json.dumps({"event": "e", "query": said, "deep": {"er": [said]}}),
    "url": lambda said: json.dumps({"message": "m", "url": {"original": said, "query": said}}),
}


def generated(count: int) -> list[tuple[str, str, str]]:
    """Kind, secret, and the line that holds it."""
    kinds, wheres = list(SECRETS), list(WHERES.values())
    found = list[tuple[str, str, str]]()
    for index in range(count):
        kind = kinds[index % len(kinds)]
        secret, frame = SECRETS[kind]()
        found.append((kind, secret, wheres[(index // len(kinds)) % len(wheres)](frame.format(secret))))
    return found


def test_nothing_of_a_thousand_lines_is_left(ingest: Pipeline) -> None:
    leaked = list[str]()
    for kind, secret, line in generated(1000):
        made = ingest.run(shipped(line))
        assert made is not None
        assert secret in line or json.dumps(secret)[1:-1] in line
        if secret in json.dumps(made["event"], ensure_ascii=False):
            leaked.append(f"{kind}: {line}")
    assert leaked == []


@pytest.mark.parametrize("key", ["password", "apiKey", "DB_PASSWORD", "session-id", "client_secret"])
def test_a_value_is_hidden_by_the_name_of_its_key(ingest: Pipeline, key: str) -> None:
    made = ingest.run(shipped(json.dumps({"message": "m", "deep": {key: "hunter2"}, "user": {key: "hunter2"}})))
    assert made is not None
    assert "hunter2" not in json.dumps(made)


def test_evidence_keeps_who_it_was_and_loses_secrets_all_the_same(ingest: Pipeline) -> None:
    line = {
        "message": "a@b.ca from 203.0.113.77, password=hunter2, SIN 046 454 286",
        "labels": {"log_class": "audit"},
        "client_ip": "203.0.113.77",
        "user": {"id": "7", "email": "a@b.ca"},
    }
    made = ingest.run(shipped(json.dumps(line)))
    assert made is not None
    assert made["event"]["message"] == "a@b.ca from 203.0.113.77, password=<redacted>, SIN <number>"
    assert made["event"]["client"]["ip"] == "203.0.113.77"
    assert made["event"]["user"] == {"id": "7", "email": "a@b.ca"}


@pytest.mark.parametrize(
    "text",
    [
        "took 123456789 ns in 3.11.7",
        "bill C-11 passed at 12:34:56",
        "trace 4bf92f3577b34da6a3ce929d0e0e4736",
        "passed 3 of 4 tests",
        "id 7b0e6c1e-90ab-4f3a-9a55-0d2b7a1c9e11",
        # Nine of their digits add up.
        "id 7b0e6c1e-90ab-4f3a-9a55-a130692544be",
        "request f66ae037e130692544bf5315f1d1fb50",
        "span 130692544a0ba902",
    ],
)
def test_what_is_harmless_stays(ingest: Pipeline, text: str) -> None:
    made = ingest.run(shipped(text))
    assert made is not None
    assert made["event"]["message"] == text


@pytest.mark.parametrize("text", ["SIN{}", "applicant_{}x", "f66ae037e{}bg", "{}/f66ae037e0a1b2c3d4e5f60718293a4b"])
def test_a_number_between_letters_that_are_no_id_goes(ingest: Pipeline, text: str) -> None:
    made = ingest.run(shipped(text.format("130692544")))
    assert made is not None
    assert made["event"]["message"] == text.format("<number>")


def test_a_measure_stays_a_number_and_a_number_of_somebody_goes_wherever_else_it_stands(ingest: Pipeline) -> None:
    number = 130_692_544
    line = {"url.path": "/mp", "http.response.status_code": 200, "duration_ns": number, "applicant": number}
    line |= {"http.response.body.bytes": number, "bytes": number}
    made = ingest.run(shipped(json.dumps(line)))
    assert made is not None
    event = made["event"]
    assert event["event"]["duration"] == event["http"]["response"]["body"]["bytes"] == number
    assert event["labels"] == {"applicant": "<number>", "bytes": "<number>"}
