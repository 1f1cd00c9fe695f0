"""The last stage: what the other stages saw of a document becomes records, and records become JSON."""

from legation.record.assemble import assemble
from legation.record.written import to_dict

__all__ = ["assemble", "to_dict"]
