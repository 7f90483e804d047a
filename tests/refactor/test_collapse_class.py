"""Classes without state become functions, wherever their objects went."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

CASES = {
    "a module's object that others import, re-exports, text of several lines": (
        """
# app.py
import sys

from shop import Slugs, slugs
from shop import text as words


def main(argv):
    for word in argv:
        print(slugs.make(word), words.slugs.banner(), Slugs().make("x y"), Slugs.joined(["a"]))


if __name__ == "__main__":
    main([*sys.argv, "b c"][1:])
# shop/__init__.py
from .text import Slugs, slugs

__all__ = ["Slugs", "slugs"]
# shop/text.py
import re
from typing import ClassVar

WORD = re.compile("[a-z]+")


# Slugs are what stands in addresses.
class Slugs:
    SEPARATOR: ClassVar[str] = "-"

    def make(self, text):
        \"\"\"Make a slug.

        Of any text.
        \"\"\"
        # first the words
        words = WORD.findall(text)
        return self.joined(words)

    @staticmethod
    def joined(words):
        return Slugs.SEPARATOR.join(words)

    @classmethod
    def banner(cls):
        return \"\"\"
        a
\"\"\" + cls.SEPARATOR


slugs = Slugs()
""",
        """
# app.py
import sys

from shop.text import banner, joined, make


def main(argv):
    for word in argv:
        print(make(word), banner(), make("x y"), joined(["a"]))


if __name__ == "__main__":
    main([*sys.argv, "b c"][1:])
# shop/__init__.py
__all__ = []
# shop/text.py
import re

WORD = re.compile("[a-z]+")


# Slugs are what stands in addresses.
SEPARATOR: str = "-"


def make(text):
    \"\"\"Make a slug.

    Of any text.
    \"\"\"
    # first the words
    words = WORD.findall(text)
    return joined(words)


def joined(words):
    return SEPARATOR.join(words)


def banner():
    return \"\"\"
        a
\"\"\" + SEPARATOR
""",
    ),
    "names that are taken, objects that are passed on and kept": (
        """
# app.py
class PriceHelper:
    def total(self, prices):
        return self.__rounded(sum(prices))

    def __rounded(self, amount):
        return round(amount, 1)

    def print(self, amount):
        print("EUR", amount)


class Cart:
    \"\"\"A cart.\"\"\"

    def __init__(self, helper, *, prices=()):
        # how to add up
        self.helper = helper
        self.prices = prices

    def show(self):
        total = self.helper.total(self.prices)
        self.helper.print(total)


class Till:
    name = "till"

    def __init__(self):
        self._helper = PriceHelper()

    def __repr__(self):
        return self.name

    def add(self, carts):
        return self._helper.total([self._helper.total(cart.prices) for cart in carts])


def main():
    helper = PriceHelper()
    cart = Cart(helper, prices=[1.25, 2])
    cart.show()
    print(Till().add([cart, Cart(prices=[3], helper=helper)]))


main()
""",
        """
# app.py
def total_price(prices):
    return _rounded(sum(prices))


def _rounded(amount):
    return round(amount, 1)


def print_price(amount):
    print("EUR", amount)


class Cart:
    \"\"\"A cart.\"\"\"

    def __init__(self, *, prices=()):
        self.prices = prices

    def show(self):
        total = total_price(self.prices)
        print_price(total)


class Till:
    name = "till"

    def __repr__(self):
        return self.name

    def add(self, carts):
        return total_price([total_price(cart.prices) for cart in carts])


def main():
    cart = Cart(prices=[1.25, 2])
    cart.show()
    print(Till().add([cart, Cart(prices=[3])]))


main()
""",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_methods_become_functions(case: str, tmp_path: Path) -> None:
    before, after = CASES[case]
    found, _ = fixed(files(before), tmp_path / "checked", "stateless-class", lowest=Applicability.UNSAFE)
    assert found == files(after)
    assert output(files(before), tmp_path / "before") == output(found, tmp_path / "after")


JOINED = {
    "attributes of both, an object made in place, a long signature": (
        """
# app.py
import sys

from jobs import ReportBuilder


def main():
    for text in ReportBuilder("Title", sys.argv[1:], ["a", "b"]).build(3, sep=", "):
        print(text)


main()
# jobs.py
class ReportBuilder:
    \"\"\"Builds reports.

    Of some lines.
    \"\"\"

    def __init__(self, title: str, arguments: list, lines: list):
        \"\"\"Keep what is given.\"\"\"
        self.title: str = title
        self.arguments_given = arguments
        self._lines = lines

    def build(self, count, *, sep="-", width_of_a_line=80, maximum_of_lines=100):
        \"\"\"Build it.\"\"\"
        # the head first
        yield sep.join([self.title, *self._lines[:count]])
        self._lines = [line.upper() for line in self._lines]
        yield from (f"{line}{self.title}" for line in self._lines)
        yield len(self.arguments_given)
""",
        """
# app.py
import sys

from jobs import build_report


def main():
    for text in build_report("Title", sys.argv[1:], ["a", "b"], 3, sep=", "):
        print(text)


main()
# jobs.py
# Builds reports.
#
# Of some lines.
def build_report(
    title: str,
    arguments: list,
    lines: list,
    count,
    *,
    sep="-",
    width_of_a_line=80,
    maximum_of_lines=100,
):
    \"\"\"Build it.\"\"\"
    # the head first
    yield sep.join([title, *lines[:count]])
    lines = [line.upper() for line in lines]
    yield from (f"{line}{title}" for line in lines)
    yield len(arguments)
""",
    ),
}


@pytest.mark.parametrize("case", JOINED)
def test_a_constructor_and_a_method_become_one_function(case: str, tmp_path: Path) -> None:
    before, after = JOINED[case]
    found, _ = fixed(files(before), tmp_path / "checked", "single-method-class", lowest=Applicability.UNSAFE)
    assert found == files(after)
    assert output(files(before), tmp_path / "before") == output(found, tmp_path / "after")


def test_two_classes_cannot_have_one_name_for_their_functions(tmp_path: Path) -> None:
    before = files("""
# app.py
from one import One
from two import Two

print(One().load_all(), Two().load_all())
# one.py
class One:
    def load_all(self):
        return 1
# two.py
class Two:
    def load_all(self):
        return 2
""")
    found, _ = fixed(before, tmp_path / "checked", "stateless-class", lowest=Applicability.UNSAFE)
    assert output(before, tmp_path / "before") == output(found, tmp_path / "after") == "1 2\n"
    assert not any("class" in text for text in found.values())


OPEN = {
    "a plain method had from the class": """
class Words:
    def join(self, words):
        return "-".join(words)


print(Words.join(None, ["a"]), Words().join(["b"]))
""",
    "an object that may be another one": """
import sys


class Words:
    def join(self, words):
        return "-".join(words)


class Lines:
    def join(self, words):
        return words[0]


joiner = Words() if sys.argv[1:] else Lines()
print(joiner.join(["a"]))
""",
    "an attribute that others set": """
class Words:
    def join(self, words):
        return "-".join(words)


class Page:
    def __init__(self):
        self.words = Words()

    def show(self):
        print(self.words.join(["a"]))


page = Page()
page.words = None
""",
    "a variable that is bound again": """
class Words:
    def join(self, words):
        return "-".join(words)


def main():
    words = Words()
    print(words.join(["a"]))
    words = ["b"]
    print(words)


main()
""",
    "a class that is made by what is computed": """
class Words:
    def join(self, words):
        return "-".join(words)


MADE = {"words": Words}
print(MADE["words"]().join(["a"]))
""",
}


@pytest.mark.parametrize("case", OPEN)
def test_objects_that_are_more_than_their_methods_stay(case: str, tmp_path: Path) -> None:
    before = files(OPEN[case])
    found, outcome = fixed(before, tmp_path, "stateless-class", lowest=Applicability.UNSAFE)
    assert found == before
    assert "Words" not in {reported.finding.symbol.partition(":")[2] for reported in outcome.report.findings}


REFUSED = {
    "name taken": """
def join(words):
    return words


def join_words(words):
    return words


class Words:
    def join(self, words):
        return join(join_words(words))


print(Words().join("a"))
""",
    "names meet": """
class Sum:
    def __init__(self, numbers):
        self.numbers = numbers

    def take(self, sum):
        numbers = sum + len(self.numbers)
        return numbers


print(Sum([1]).take(2))
""",
    "later": """
class Lines:
    def __init__(self, text):
        print("made")
        self.text = text

    def each(self):
        yield from self.text.split()


lines = Lines("a b").each()
print(*lines)
""",
    "apart": """
def main():
    total = Total([1])
    print("first")
    print(total.sum_up())


class Total:
    def __init__(self, numbers):
        self.numbers = numbers

    def sum_up(self):
        return sum(self.numbers)


main()
""",
    "unpacked arguments": """
class Total:
    def __init__(self, *numbers):
        self.numbers = numbers

    def sum_up(self):
        return sum(self.numbers)


print(Total(*[1, 2]).sum_up())
""",
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_names_or_order_forbid_is_refused(reason: str, tmp_path: Path) -> None:
    before = files(REFUSED[reason])
    rules = ("stateless-class", "single-method-class")
    found, outcome = fixed(before, tmp_path, *rules, lowest=Applicability.UNSAFE)
    assert dict(outcome.refused) == {reason: 1}
    assert found == before
