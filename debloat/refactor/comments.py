"""Comments that a change takes away."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from debloat.model import Evidence, Proof
from debloat.refactor.rewriting import Rewriting


def comment_evidence(rewriting: Rewriting) -> Iterator[Evidence]:
    """ASSUMED evidence for each comment that went with what was removed, known once the edits are made."""
    for span in rewriting.lost_comments:
        yield Evidence("syntax", Proof.ASSUMED, span, "assumes that the comment is of nothing but what goes")


def comment_count(node: cst.CSTNode) -> int:
    """How many comments a tree has."""
    return isinstance(node, cst.Comment) + sum(map(comment_count, node.children))
