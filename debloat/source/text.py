"""Bytes of a Python file to text and back, without a byte lost."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

# The two lines in which Python looks for a coding cookie; a second line counts only after a blank or a comment.
COOKIE = re.compile(rb"(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
NEWLINE = re.compile("\r\n|\r|\n")
# The mark stands in a comment or a docstring; a line that has it in a string is about such files, not one of them.
GENERATED = re.compile(rb"""^(?:\"\"\"|'''|[^"'\r\n])*(?:DO NOT EDIT|@generated)""", re.MULTILINE)


class SourceError(Exception):
    """The bytes are not Python source: one line that says why, and the line where it shows."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message, line)
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class Text:
    """A decoded file: the text as it is, without BOM, and what is needed to write it back.

    ``newline`` is the most frequent one, for lines that are added.
    """

    text: str
    encoding: str
    newline: str
    bom: bool


def decode(data: bytes) -> Text:
    """Decode as Python does; SourceError for an unknown or wrong coding, for NUL and for what would not come back."""
    if b"\0" in data:
        raise SourceError("contains a NUL byte", data.count(b"\n", 0, data.index(b"\0")) + 1)
    bom = data.startswith(codecs.BOM_UTF8)
    body = data[len(codecs.BOM_UTF8) :] if bom else data
    encoding = _encoding(body)
    if bom and encoding != "utf-8":
        raise SourceError(f"has a UTF-8 byte order mark and says its coding is {encoding}", 1)
    try:
        plain = body.decode(encoding)
        text = Text(plain, encoding, _newline(plain), bom)
        # Some codings have several spellings of one text: editing such a file would change what nobody asked for. Some
        # give half a character, which is no text anywhere else.
        faithful = encoding == "utf-8" or (encode(text) == data and plain.encode().decode() == plain)
    except UnicodeDecodeError as error:
        message = f"is not valid {encoding}: save it as UTF-8 or name its coding in the first line"
        raise SourceError(message, body.count(b"\n", 0, error.start) + 1) from None
    except (LookupError, UnicodeError):
        faithful = False
    if not faithful:
        raise SourceError(f"cannot be read and written back as {encoding}: save it as UTF-8", 1)
    return text


def encode(text: Text) -> bytes:
    """Return the bytes that ``decode`` made ``text`` of."""
    return (codecs.BOM_UTF8 if text.bom else b"") + text.text.encode(text.encoding)


def is_generated(data: bytes) -> bool:
    """Whether the file says in its head that a program wrote it."""
    head = data[:2048]
    return (b"DO NOT EDIT" in head or b"@generated" in head) and GENERATED.search(head) is not None


def _encoding(body: bytes) -> str:
    cookie = COOKIE.match(body)
    if cookie is None:
        return "utf-8"
    name = cookie[1].decode()
    try:
        found = codecs.lookup(name).name
    except LookupError:
        raise SourceError(f"says its coding is {name}, which Python does not know", 1) from None
    return "utf-8" if found == "utf-8-sig" else found


def _newline(text: str) -> str:
    if "\r" not in text:
        return "\n"
    used = NEWLINE.findall(text)
    return max(("\n", "\r\n", "\r"), key=used.count)
