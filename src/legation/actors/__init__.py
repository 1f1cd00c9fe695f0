"""Who is named, and what they were on the day: mentions, coreference, the dated lexicon, roles."""

from legation.actors.lexicon import Entry, Hit, Lexicon, Term, load_lexicon
from legation.actors.mentions import find_mentions
from legation.actors.mentions_words import ActorWords, load_words
from legation.actors.roles import role_of

__all__ = ["ActorWords", "Entry", "Hit", "Lexicon", "Term", "find_mentions", "load_lexicon", "load_words", "role_of"]
