"""Sentences, tokens, lemmas, dependencies and entities. The only place that imports the parser library."""

from legation.parse.parser import DEFAULT_PIPELINE, Parser, load_parser, parse
from legation.parse.stored import dump_parse, read_parse

__all__ = ["DEFAULT_PIPELINE", "Parser", "dump_parse", "load_parser", "parse", "read_parse"]
