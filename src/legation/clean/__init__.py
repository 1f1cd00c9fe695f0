"""A page or scraped text becomes an `Article`: title, body, where each word stood, and what was taken out."""

from legation.clean.cleaner import Cleaner, load_cleaner
from legation.clean.run import clean

__all__ = ["Cleaner", "clean", "load_cleaner"]
