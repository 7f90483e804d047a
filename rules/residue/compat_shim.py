"""Old names that nobody uses any more: aliases, modules of re-exports, deprecated functions.

## What it finds

A second name for a function or class, a module that only imports from other modules, and a function that only warns and
calls another one, where nothing uses the old name. It says where only tests do.

## Why it is bloat

A shim is for callers that have not moved yet. When there are none left it only offers the wrong name to whoever reads,
searches or completes. Agents add shims for callers that never existed.

## What proves it

- reachability: no live code imports or reads the old name, in any file, and no string, template or build file has it.
- callers: it is not exported (see `debloat why`) and no computed name can mean it.
- purity: to bind the name, or to run the module, does nothing else.

## What it leaves alone

A shim that anything uses; public names of a library; aliases that are bound more than once, as fallbacks are; modules
that do more than import, since to import them may be what matters.

## Fix

Safe: delete the shim, as `dead-symbol` deletes. Unsafe for a whole module, where tests use it, and where the world is a guess.

## Bloated

```python app.py
import warnings

from shop.money import format_money

formatMoney = format_money  # !


def show_money(amount):  # !
    warnings.warn("use format_money", DeprecationWarning, stacklevel=2)
    return format_money(amount)


print(format_money(1))
```

```python shop/money.py
def format_money(amount):
    return f"{amount:.2f}"
```

```python shop/formatting.py
from shop.money import format_money  # !

__all__ = ["format_money"]
```

## Lean

```python app.py
from shop.money import format_money

print(format_money(1))
```

```python shop/money.py
def format_money(amount):
    return f"{amount:.2f}"
```

## Kept: a re-export, an alias and a fallback that are used

```python app.py
import shop.compat
from shop import total
from shop.compat import loads, old_total

print(total([1]), old_total([1]), loads("1"), shop.compat.Basket())
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

old_total = total
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

from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.program.dead import dead, dead_evidence
from debloat.refactor.requests import Delete

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report what is dead and only stands in for something else."""
    for found in program.ask(dead):
        if found.shim is not None:
            message = f"{found.noun} {found.symbol.rpartition(':')[2]} {found.fate}: it {found.shim}"
            tier = Applicability.UNSAFE if found.tested else TIER
            yield Finding(
                found.span,
                message,
                found.symbol,
                dead_evidence(program, found),
                tier,
                found.lines,
                refactoring=Delete(found),
            )
