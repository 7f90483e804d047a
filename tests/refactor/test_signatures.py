"""Random signatures and calls: what goes does not change what any other parameter is given."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from debloat.model import Applicability
from tests.refactor.programs import fixed, output

VALUES = st.sampled_from(["1", "-2", "'x'", "None", "True", "(1, 2)", "2.5", "sys.argv", "LIMIT"])


@st.composite
def functions(draw: st.DrawFn, name: str) -> str:
    """A function that shows its parameters, some unread, some always the same, and calls of it."""
    kinds = ["/"] * draw(st.integers(0, 2)) + ["p"] * draw(st.integers(0, 3)) + ["k"] * draw(st.integers(0, 3))
    names = [f"p{number}" for number in range(len(kinds))]
    first_default = draw(st.integers(0, len(names)))
    defaults = {
        parameter: draw(VALUES)
        for number, (parameter, kind) in enumerate(zip(names, kinds, strict=True))
        if (number >= first_default if kind != "k" else draw(st.booleans()))
    }
    rest, more = draw(st.booleans()), draw(st.booleans())
    shown = [f"{parameter}={defaults[parameter]}" if parameter in defaults else parameter for parameter in names]
    signature = [text for text, kind in zip(shown, kinds, strict=True) if kind == "/"]
    signature += ["/"] * bool(signature)
    signature += [text for text, kind in zip(shown, kinds, strict=True) if kind == "p"]
    signature += ["*rest"] if rest else ["*"] * ("k" in kinds)
    signature += [text for text, kind in zip(shown, kinds, strict=True) if kind == "k"]
    signature += ["**more"] * more
    fates = {parameter: draw(st.sampled_from(["vary", "unread", "same", "absent"])) for parameter in names}
    same = {parameter: draw(VALUES) for parameter in names}
    read = [parameter for parameter in names if fates[parameter] != "unread"]
    read += [variadic for variadic, there in (("rest", rest), ("more", more)) if there and draw(st.booleans())]
    calls = [
        draw(calls_of(name, names, kinds, defaults, fates, same, rest, more)) for _ in range(draw(st.integers(2, 4)))
    ]
    space = draw(st.sampled_from(["", "\n    "]))
    body = f"    return {', '.join(read) or None}"
    return f"def {name}({space}{f', {space}'.join(signature)}):\n{body}\n\n" + "".join(
        f"print({call})\n" for call in calls
    )


@st.composite
def calls_of(
    draw: st.DrawFn,
    name: str,
    names: list[str],
    kinds: list[str],
    defaults: dict[str, str],
    fates: dict[str, str],
    same: dict[str, str],
    rest: bool,
    more: bool,
) -> str:
    """A call that fits."""
    positional: list[str] = []
    keywords: list[str] = []
    by_position = draw(st.integers(0, sum(kind != "k" for kind in kinds)))
    for number, (parameter, kind) in enumerate(zip(names, kinds, strict=True)):
        value = same[parameter] if fates[parameter] == "same" else draw(VALUES)
        absent = parameter in defaults and (fates[parameter] == "absent" or draw(st.booleans()))
        if kind != "k" and number == len(positional) and (number < by_position or (kind == "/" and not absent)):
            positional.append(value)
        elif kind != "/" and not absent:
            keywords.append(f"{parameter}={value}")
    if rest and len(positional) == sum(kind != "k" for kind in kinds):
        positional += draw(st.lists(VALUES, max_size=2))
    if more:
        keywords += [f"extra{number}={draw(VALUES)}" for number in range(draw(st.integers(0, 2)))]
    return f"{name}({', '.join([*positional, *draw(st.permutations(keywords))])})"


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.integers(), min_size=1, max_size=4).flatmap(
        lambda some: st.tuples(*(functions(f"f{n}") for n in range(len(some))))
    )
)
def test_each_call_gives_the_other_parameters_what_it_did(parts: tuple[str, ...]) -> None:
    before = {"app.py": "import sys\n\nLIMIT = 3\n\n\n" + "\n\n".join(parts)}
    with tempfile.TemporaryDirectory() as folder:
        shown = output(before, Path(folder) / "before")
        after, _ = fixed(before, Path(folder) / "fixed", "abstraction", lowest=Applicability.UNSAFE)
        assert output(after, Path(folder) / "after") == shown
