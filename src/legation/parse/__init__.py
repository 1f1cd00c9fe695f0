"""Sentences, tokens, lemmas, dependencies and entities. The only place that imports the parser library."""

from legation.parse.parser import DEFAULT_PIPELINE, Parser, load_parser, parse

__all__ = ["DEFAULT_PIPELINE", "Parser", "load_parser", "parse"]
