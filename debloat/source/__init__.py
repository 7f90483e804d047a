"""From a project folder to the files in it, and from their bytes to text and back."""

from debloat.source.discover import Discovery, SourceFile, discover
from debloat.source.text import SourceError, Text, decode, encode, is_generated

__all__ = ["Discovery", "SourceError", "SourceFile", "Text", "decode", "discover", "encode", "is_generated"]
