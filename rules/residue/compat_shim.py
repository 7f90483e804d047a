"""Old names that nobody needs any more: aliases, modules of re-exports, deprecated functions.

## What it finds

A second name for a function or class, a module that only imports from other modules, and a function that only warns and
calls another one, where nothing uses the old name. It says where only tests do. Also a second name that is still used, but is only
another spelling of the first (`formatMoney`), is called old (`old_total`, `total_legacy`), or said to be by a comment on it.

## Why it is bloat

A shim is for callers that have not moved yet. When there are none left it only offers the wrong name to whoever reads,
searches or completes. Agents add shims for callers that never existed.

## What proves it

- reachability: no live code imports or reads the old name, in any file, or each place that does is seen, and no string,
  template or build file has it.
- callers: it is not exported (see `debloat why`) and no computed name can mean it.
- type: an old name that is used stands for one function or class, and each of the two names is bound once.
- purity: to bind the name, or to run the module, does nothing else.

## What it leaves alone

Other shims that anything uses, since a second name may say what the first does not; public names of a library; aliases that are bound more than once, as fallbacks are; modules
that do more than import, since to import them may be what matters.

## Fix

Safe: delete the shim, as `dead-symbol` deletes; where it is used, in tests too, name the thing itself there and import that. Unsafe for a whole module, where tests use it, and where the world is a guess.

## Bloated

```python app.py
import warnings

from shop.money import format_amount, format_money

formatMoney = format_money  # !


def show_money(amount):  # !
    warnings.warn("use format_money", DeprecationWarning, stacklevel=2)
    return format_money(amount)


print(format_money(1), format_amount(2))
```

```python shop/money.py
def format_money(amount):
    return f"{amount:.2f}"


format_amount = format_money  # the old name  # !
```

```python shop/formatting.py
from shop.money import format_money  # !

__all__ = ["format_money"]
```

## Lean

```python app.py
from shop.money import format_money

print(format_money(1), format_money(2))
```

```python shop/money.py
def format_money(amount):
    return f"{amount:.2f}"
```

## Kept: a re-export, an alias and a fallback that are used

```python app.py
import shop.compat
from shop import total
from shop.compat import loads, sum_up

print(total([1]), sum_up([1]), loads("1"), shop.compat.Basket())
```

```python shop/__init__.py
from shop.cart import total
```

```python shop/cart.py
def total(prices):
    return sum(prices)


class Cart:
    pass
```

```python shop/compat.py
from shop.cart import Cart, total

sum_up = total
Basket = Cart

try:
    from ujson import loads
except ImportError:
    from json import loads
```

## Kept: outsiders may use the old names of a library

```toml pyproject.toml
[project]
name = "shop"
version = "1"

[tool.debloat]
world = "library"
```

```python shop/__init__.py
from shop.cart import total

sum_up = total
```

```python shop/cart.py
def total(prices):
    return sum(prices)
```

```python shop/old.py
from shop.cart import total
```

## Kept: an old name in a string, and a module that is imported for what it does

```python app.py
import shop.setup


def total(prices):
    return sum(prices)


compute = total
print(globals()["compute"]([1]))
```

```python shop/setup.py
import shop.plugins
```

```python shop/plugins.py
print("registered")
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.aliases import Alias, old_names
from debloat.program.dead import dead
from debloat.program.mentions import mentions
from debloat.program.queries import world_evidence
from debloat.refactor.findings import of_dead
from debloat.refactor.requests import UseRealName

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report what is dead and only stands in for something else, and old names that are not dead."""
    aliases = {(alias.scope, alias.name): alias for alias in old_names(program) if alias.reads}
    for found in program.find(dead):
        if found.shim is None:
            continue
        if not found.tested:
            aliases.pop((found.scope, found.name or ""), None)
        elif (found.scope, found.name) in aliases:
            continue
        name = found.symbol.rpartition(":")[2]
        yield of_dead(program, found, f"{found.noun} {name} {found.fate}: it {found.shim}")
    for alias in aliases.values():
        name = program.index.name(alias.target)
        message = f"{alias.name} is an old name of {name}: use that"
        symbol = f"{program.index.qualified(alias.scope)}:{alias.name}"
        proof = tuple(_evidence(program, alias))
        yield Finding(alias.span, message, symbol, proof, TIER, 1, refactoring=UseRealName(alias))


def _evidence(program: Program, alias: Alias) -> Iterator[Evidence]:
    """What it rests on that every use of an alias is seen and means the same by the other name."""
    place, name = program.index.place(alias.store), program.index.name(alias.target)
    yield Evidence("type", Proof.PROVED, place, f"it is {name}, and both names are bound once")
    for opening in program.openings.of_variable(alias.scope, alias.name):
        yield Evidence("reachability", Proof.UNKNOWN, place, opening)
        return
    yield Evidence("reachability", Proof.PROVED, place, "every place that uses it is seen")
    yield from world_evidence(program, alias.scope)
    named = program.ask(mentions).get(name)
    if named is not None:
        note = f"assumes that {program.files[named].path} does not patch {name} by name"
        yield Evidence("callers", Proof.ASSUMED, place, note)
