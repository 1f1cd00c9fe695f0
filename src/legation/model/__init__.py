"""All data types of Legation, frozen and slotted.

They stand below every stage so that stages can hand values to each other without knowing each other.
Offsets everywhere are code points into `Article.text`, half open, unless a name says `raw_`.
"""
