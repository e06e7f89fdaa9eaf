"""The searches that add lines up, read by a parser of Elasticsearch's own grammar of ES|QL."""

from typing import Any

import pytest
from antlr4 import CommonTokenStream, InputStream
from esql_parser.EsqlBaseLexer import EsqlBaseLexer
from esql_parser.EsqlBaseParser import EsqlBaseParser

from components.render.logs.searches import SEARCHES


def mistakes(query: str) -> int:
    """How many there are in it."""
    lexer = EsqlBaseLexer(InputStream(query))
    parser = EsqlBaseParser(CommonTokenStream(lexer))
    for each in (lexer, parser):
        each.removeErrorListeners()
    parser.singleStatement()
    return parser.getNumberOfSyntaxErrors()


@pytest.mark.parametrize("search", [each for each in SEARCHES if each.esql], ids=lambda each: each.id)
def test_the_grammar_takes_it_and_nothing_that_is_spoiled(search: Any) -> None:
    assert mistakes(search.query) == 0
    for good, bad in (("STATS", "STAT"), ("FROM", "FORM"), ("COUNT(*)", "COUNT(*"), ("DESC", "DESC DESC")):
        assert mistakes(search.query.replace(good, bad)) > 0, bad
