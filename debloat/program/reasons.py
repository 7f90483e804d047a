"""What an open event means by its reason: to whom a thing is lost for good, and who may still learn more of it."""

from __future__ import annotations

from debloat.program.externals import is_runner

KEPT = "kept on an object that unknown code has"
TO_PARSER = "passed to argparse."
# Which attributes those may be is told by what is fixed in the name.
PARTLY_SET = "an attribute of it is set by a partly computed name"
# Openings of an object that let nobody but library code have it, which does not know its attributes' names ...
_LIBRARY = ("passed to ", "escapes: passed to ", "raised", "escapes: raised")
# ... and those of which it is not known what is set.
_LOST = ("followed too far", "too many reads", "computed name", "setattr", "delattr", "__dict__", "__class__")
_MEDDLING = ("unknown", "cannot", "setattr", "delattr")
# What library code is called that asks an object for its attributes.
_LOOKS = ("vars", "dir", "__dict__", "asdict", "pickle", "copy", "json", "yaml", "inspect", "attr", "shelve", "marsh")


def is_library(reason: str) -> bool:
    """Whether an object reaches code that is assumed not to set its attributes."""
    return reason.startswith(_LIBRARY) and not any(word in reason for word in _MEDDLING)


def is_looking(reason: str) -> bool:
    """Whether what has an object may ask for the names of its attributes."""
    return not is_library(reason) or any(word in reason for word in _LOOKS)


def is_lost(reason: str) -> bool:
    """Whether attributes of an object may be set unseen even where all of an application is seen."""
    return any(word in reason for word in _LOST)


def is_final(kind: str, reason: str, application: bool, whole: bool) -> bool:
    """Whether nobody asks what else becomes of a thing of a kind, once it is open for that reason.

    ``application`` is whether it is made in one that is declared as such, ``whole`` whether it matters how it is open.
    """
    if kind == "made" or is_runner(reason) or (whole and reason == PARTLY_SET):
        return False
    match kind if whole else "":
        case "object":
            return is_lost(reason) if application else not is_library(reason)
        case "box":
            return not reason.startswith((KEPT, TO_PARSER))
    return not whole
