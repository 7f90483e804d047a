"""A default for a key that is always there.

## What it finds

`d.get(key, default)`, `d.get(key)` and `d.setdefault(key, default)` on a dict that has the key, and conditions `key in d` that
are always true or never; `d.get(key, default)` in a function whose every caller has looked for the key before.

## Why it is bloat

The default is never used. It looks as if the table might be incomplete, and would hide it if some day it were.

## What proves it

- type: the dict is written out in the program, or made and filled by one function, and followed through variables,
  parameters, attributes, results and other containers; the key is a constant that it has from the start.
- mutation: it reaches no unseen code, and wherever it goes nothing takes a key out of it.
- purity: evaluating the default has no effect.
- callers: each tests that the key is there, and nothing changes the dict from then on.

## What it leaves alone

Dicts that are read, parsed or handed to other libraries; keys that are computed; `pop`, `clear`, `del`; dicts that are filled
in a branch, a loop or a `try`; keys that are equal and of another type.

## Fix

Safe: `d[key]`; a condition by its outcome. Unsafe where evaluating the default may have an effect, or callers have looked.

## Bloated

```python
import sys

FEES = {"handling": 25, "cooling": 150}


def prices(parcels):
    found = {"due": 9 * parcels}
    found["fee"] = FEES.get("cooling", 0)  # !
    return found


def show(found):
    if "handling" in FEES and found.get("due"):  # !
        print(FEES["handling"])
    print(found["due"] + found.setdefault("fee", 0))  # !


class Notes:
    def __init__(self, texts):
        self.texts = {}
        for text in texts:
            self.texts[text.lower()] = text

    def note(self, name, default=""):
        return self.texts.get(name, default)  # !

    def shown(self, name):
        if name not in self.texts:
            raise LookupError(name)
        return self.note(name) + "!"


print(Notes(sys.argv).shown("one"))
show(prices(len(sys.argv)))
```

## Lean

```python
import sys

FEES = {"handling": 25, "cooling": 150}


def prices(parcels):
    found = {"due": 9 * parcels}
    found["fee"] = FEES["cooling"]
    return found


def show(found):
    if found["due"]:
        print(FEES["handling"])
    print(found["due"] + found["fee"])


class Notes:
    def __init__(self, texts):
        self.texts = {}
        for text in texts:
            self.texts[text.lower()] = text

    def note(self, name, default=""):
        return self.texts[name]

    def shown(self, name):
        if name not in self.texts:
            raise LookupError(name)
        return self.note(name) + "!"


print(Notes(sys.argv).shown("one"))
show(prices(len(sys.argv)))
```

## Kept: one caller has not looked, or the key goes in between

```python
import sys


class Outputs:
    def __init__(self):
        self.found = {}

    def get(self, name, default=""):
        return self.found.get(name, default)

    def once(self, name, default=""):
        return self.found.get(name, default)

    def shown(self, name):
        if name in self.found:
            return self.get(name)
        self.found[name] = name
        return self.get(name.lower())

    def taken(self, name):
        if name not in self.found:
            return None
        del self.found[name]
        return self.once(name)


outputs = Outputs()
print(outputs.shown(sys.argv[0]), outputs.shown(sys.argv[0]), outputs.taken(sys.argv[0]))
```

## Kept: another function takes the key out

```python
RATES = {"EUR": 1.0, "USD": 1.1}


def forget(rates):
    rates.pop("USD")


forget(RATES)
print(RATES.get("USD", 0))
```

## Kept: the key is put in too late, or not always

```python
import sys


def counts(words):
    found = {}
    for word in words:
        found["words"] = found.get("words", 0) + 1
    try:
        found["length"] = len(words[0])
    except IndexError:
        print("nothing")
    if words:
        found["first"] = words[0]
    found["all"] = "all" in found
    return found


def summary(words):
    found = counts(words)
    return found.get("words", 0), found.get("length", 0), found.get("first", "-")


print(summary(sys.argv[1:]), summary(sys.argv))
```

## Kept: the dict comes from outside, or the key does

```python
import json
import sys

RATES = {"EUR": 1.0, 1: 2.0}


def mode(text):
    options = {"mode": "fast"} | json.loads(text)
    del options["mode"]
    return options.get("mode", "slow")


print(RATES.get(sys.argv[0], 0), True in RATES, mode("{}"))
```
"""

from collections.abc import Iterator
from dataclasses import replace

from debloat.facts import ops
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.index import Site
from debloat.program.queries import written
from debloat.refactor.requests import Fold, Replace
from debloat.values.certain import claim_of_key, default_of_get, guards, key_evidence
from debloat.values.concerns import concerning
from debloat.values.guards import Decided
from debloat.values.lookups import is_followed_by_lookup
from debloat.values.report import report, symbol
from debloat.values.unmissed import is_unmissed
from debloat.values.validated import found_keys

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each default for a key that is always there, and each question for such a key."""
    for site in guards(program, "get", "setdefault"):
        found = default_of_get(program, site)
        if found is not None:
            yield _finding(program, site, *found)
    for site, evidence in found_keys(program):
        if default_of_get(program, site) is None:
            span, text = written(program, site)
            message = f"{text} always finds its key: every caller has looked for it before"
            tier = Applicability.UNSAFE
            yield Finding(span, message, symbol(program, site), evidence, tier, 0, (), Replace(site, "item"))
    for asked, _ in concerning(program, "key"):
        if not is_followed_by_lookup(program, asked.test, asked.owner):
            yield _asked(program, asked)


def _asked(program: Program, asked: Decided) -> Finding:
    code = program.facts[asked.test.file].code
    base = Site(asked.test.file, code[asked.test.pc + 8])
    name = program.openings.shown(base)
    if asked.outcome != (code[asked.test.pc + 7] == ops.IN):
        return report(program, asked, f"{name} never has the key", TIER, Fold(asked.test, asked.outcome))
    finding = report(program, asked, f"{name} always has the key", TIER, Fold(asked.test, asked.outcome))
    return replace(finding, evidence=(*finding.evidence, *key_evidence(program, base)))


def _finding(program: Program, site: Site, base: Site, key: Site) -> Finding:
    span, text = written(program, site)
    evidence = [*key_evidence(program, base)]
    code = program.facts[site.file].code
    if code[site.pc + 6] == 2 and not is_unmissed(program, Site(site.file, code[site.pc + 8])):
        note = "assumes that nobody relies on an effect of evaluating the default"
        evidence.append(Evidence("purity", Proof.ASSUMED, span, note))
    claims = claim_of_key(program, span, base, key)
    message = f"{text} always finds its key"
    return Finding(span, message, symbol(program, site), tuple(evidence), TIER, 0, claims, Replace(site, "item"))
