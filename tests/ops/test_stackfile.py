"""The reader of Pulumi.<stack>.yaml agrees with the CLI, and refuses in sentences."""

from pathlib import Path

import pytest

from catalogue.model.problem import Problem
from ops.plan.stackfile import Configuration, StackFileError, read, stand_in

ROOT = Path(__file__).parent.parent.parent


def configuration(tmp_path: Path, text: str) -> Configuration:
    path = tmp_path / "Pulumi.test.yaml"
    path.write_text(text, encoding="utf-8")
    return read(path)


def value(tmp_path: Path, written: str) -> str:
    """What the program is given for a setting that is written so."""
    return configuration(tmp_path, f"config:\n  p:key: {written}\n").values["p:key"]


def refused(tmp_path: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(StackFileError) as error:
        configuration(tmp_path, text)
    return error.value.problems


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("text", "text"),
        ('"quoted"', "quoted"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", "true"),
        ("12", "12"),
        ("0.10", "0.10"),
        ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"),
        ("null", ""),
        ("~", ""),
        ("", ""),
        ("'null'", "null"),
        ("|\n    two\n    lines", "two\nlines\n"),
    ],
)
def test_a_scalar_is_given_as_it_is_written(tmp_path: Path, written: str, given: str) -> None:
    assert value(tmp_path, written) == given


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("{}", "{}"),
        ("[]", "[]"),
        ("{ a: yes, b: No, c: on }", '{"a": "yes", "b": "No", "c": "on"}'),
        ("{ a: true, b: False }", '{"a": true, "b": false}'),
        ("{ a: 1, b: -2, c: 0x10, d: 0o17, e: +3 }", '{"a": 1, "b": -2, "c": 16, "d": 15, "e": 3}'),
        ("{ a: 0.1, b: 1e3, c: .5 }", '{"a": 0.1, "b": 1000.0, "c": 0.5}'),
        ("{ a: null, b: ~, c: }", '{"a": null, "b": null, "c": null}'),
        ("{ a: '1', b: 1_000, c: 1:30, d: 2024-01-01 }", '{"a": "1", "b": "1_000", "c": "1:30", "d": "2024-01-01"}'),
        ("{ a: [.inf, -.inf, .nan] }", '{"a": [Infinity, -Infinity, NaN]}'),
        ("[a, [b, { c: 1 }]]", '["a", ["b", {"c": 1}]]'),
        ("{ 'true': 1 }", '{"true": 1}'),
        ("{ a: !!str 5 }", '{"a": "5"}'),
        ("{ a: &x [1], b: *x }", '{"a": [1], "b": [1]}'),
    ],
)
def test_mappings_and_lists_are_given_as_json(tmp_path: Path, written: str, given: str) -> None:
    assert value(tmp_path, written) == given


def test_a_secret_is_marked_and_never_needed(tmp_path: Path) -> None:
    config = configuration(tmp_path, "config:\n  p:token: { secure: v1:abc }\n  p:plain: 1\n")
    assert config.secret_keys == {"p:token"}
    assert config.values == {"p:token": stand_in("p:token"), "p:plain": "1"}
    assert stand_in("p:token") == "stand-in-for-token"


def test_a_secret_within_a_setting_marks_all_of_it(tmp_path: Path) -> None:
    config = configuration(tmp_path, "config:\n  p:a: { b: [{ secure: v1:abc }], c: 1 }\n")
    assert config.secret_keys == {"p:a"}
    assert "v1:abc" not in config.values["p:a"]
    assert '"c": 1' in config.values["p:a"]


@pytest.mark.parametrize("written", ["{ secure: 5 }", "{ secure: null }", "{ secure: [a] }", "{ secure: a, b: c }"])
def test_what_only_looks_secure_is_plain(tmp_path: Path, written: str) -> None:
    assert configuration(tmp_path, f"config:\n  p:token: {written}\n").secret_keys == frozenset()


def test_an_encrypted_nothing_is_an_empty_secret(tmp_path: Path) -> None:
    config = configuration(tmp_path, "config:\n  p:token: { secure: '' }\n")
    assert config.values == {"p:token": ""}
    assert config.secret_keys == {"p:token"}


def test_stand_ins_are_for_what_is_missing() -> None:
    config = Configuration(values={"p:a": "1"}, secret_keys=frozenset({"p:a"}))
    filled = config.with_stand_ins(frozenset({"p:a", "p:b"}))
    assert filled.values == {"p:a": "1", "p:b": "stand-in-for-b"}
    assert filled.secret_keys == {"p:a", "p:b"}


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "null\n", "config:\n", "config: {}\n", "config: &x\n", "encryptionsalt: v1:abc\n"]
)
def test_a_file_may_hold_nothing(tmp_path: Path, text: str) -> None:
    assert configuration(tmp_path, text).values == {}


def test_what_the_cli_keeps_beside_the_settings_is_known(tmp_path: Path) -> None:
    beside = "secretsprovider: passphrase\nencryptionsalt: v1\nencryptedkey: abc\nenvironment: [esc]\n"
    assert configuration(tmp_path, f"{beside}config:\n  p:a: 1\n").values == {"p:a": "1"}


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert configuration(tmp_path, "\ufeffconfig:\n  p:a: 1\n").values == {"p:a": "1"}


def test_everything_that_is_wrong_is_listed_with_its_line(tmp_path: Path) -> None:
    text = "config:\n  p:a: { b: 1, b: 2 }\n  q: 3\n  p:c: { 1: 2 }\n  p:d: [{ e: 012 }]\nconfg: {}\n"
    assert [str(problem) for problem in refused(tmp_path, text)] == [
        "p:a.b: it stands there twice (line 2); remove one",
        "Pulumi.test.yaml: q: a setting is named <project>:<setting> (line 3); write it like openpolicy:metrics",
        "p:c.1: the key 1 is no text (line 4); put the key in quotes",
        "p:d[0].e: it is no whole number (line 5); correct it, or put it in quotes",
        "Pulumi.test.yaml: confg: unknown part (line 6); did you mean config?",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config:\n\tp:a: 1\n", "Pulumi.test.yaml:2: found character '\\t' that cannot start any token"),
        ("config: {\n", "Pulumi.test.yaml:2: expected"),
        ("config: [1\n2: 3\n", "Pulumi.test.yaml:2: "),
        ("config: *x\n", "Pulumi.test.yaml:1: found undefined alias 'x'"),
        ("config: {}\n---\nconfig: {}\n", "Pulumi.test.yaml:2: expected a single document in the stream, but found"),
        ("config:\n  p:a: \x07\n", "Pulumi.test.yaml:2: the character U+0007 has no place in YAML"),
        ("config:\n  p:a: !!python/name:os.system\n", "p:a: settings know no python/name:os.system (line 2)"),
        ("config:\n  p:a: !mine x\n", "p:a: settings know no !mine (line 2)"),
        ("config:\n  ? [p]\n  : 1\n", "a list or mapping: the key a list or mapping is no text (line 2)"),
        ("- config\n", "Pulumi.test.yaml: it is no mapping (line 1)"),
        ("config: &x { p:a: *x }\n", "p:a.p:a: an alias stands for what it is within"),
        ("config:\n  p:a: &x [*x]\n", "p:a[0]: an alias stands for what it is within (line 2)"),
    ],
)
def test_each_refusal_says_where_and_what(tmp_path: Path, text: str, said: str) -> None:
    (problem,) = refused(tmp_path, text)
    assert str(problem).startswith(said)
    assert problem.remedy


def test_aliases_of_aliases_do_not_fill_the_memory(tmp_path: Path) -> None:
    lines = ["  p:a0: &a0 [x]", *(f"  p:a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10))]
    (problem,) = refused(tmp_path, "config:\n" + "\n".join(lines) + "\n")
    assert problem.what == "aliases of aliases make it too large"


def test_a_file_that_is_nested_too_deeply(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, "config: " + "{a: " * 5000)
    assert problem.what == "it is nested too deeply"


@pytest.mark.parametrize("content", [b"config:\n  p:a: \xff\n", "config: {}\n".encode("utf-16")])
def test_a_file_that_is_not_utf_8(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "Pulumi.test.yaml"
    path.write_bytes(content)
    with pytest.raises(StackFileError, match="it is not UTF-8"):
        read(path)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(StackFileError, match="Is a directory"):
        read(tmp_path)
    with pytest.raises(StackFileError, match="No such file"):
        read(tmp_path / "Pulumi.test.yaml")


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_real_files_are_read(stack: str) -> None:
    assert len(read(ROOT / f"Pulumi.{stack}.yaml").values) > 10
