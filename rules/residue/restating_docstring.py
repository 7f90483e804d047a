"""Docstrings that only say again what the definition says.

## What it finds

A docstring of a function or class every word of which stands in its name, its parameters and annotations, the name of its
class or module, or in what it does, save one word in a single line of an application; entries for parameters in the styles of Google, NumPy and Sphinx included.

## Why it is bloat

It is as long as the code, says less, and has to be kept right. Agents give every function one.

## What proves it

- syntax: each word, without its ending, stands in the signature, and at most one more in the body or the rest of the class;
  nothing is left over but words such as *the* or *given*. A single word more is taken to be no news unless it is a name or tells an order, a
  place, a unit or a manner.
- callers: no code reads the docstring, and nothing that might gets hold of the function or class.

## What it leaves alone

A docstring with a reason, a condition, a negation, a number, an example, a link or code, or that is all there is of a body;
those of modules. What code may read the docstring of (`__doc__`, `inspect.getdoc`, `help`), and all where settings of ruff,
pydocstyle and the like demand docstrings, or a library reads any. Of what a decorator or function from outside gets hold of, such as commands, routes,
tools and fixtures, and of classes with a base from outside. Of public names in a library, or where pages are made of them.

## Fix

Unsafe, since `__doc__` is there to be read: delete the docstring.

## Bloated

```python
import sys


class Job:
    def __init__(self, name):
        self.name = name

    def run(self):
        '''Run the job.'''  # !
        print(self.name)


def create_job(name):
    '''Create a job.  # !

    Args:
        name: The name of the job.

    Returns:
        The created job.
    '''
    return Job(name)


def main(arguments):
    '''Run a job for each argument; later ones win where two have the same name.'''
    for job in {name: create_job(name) for name in arguments}.values():
        job.run()


main(sys.argv[1:])
```

## Lean

```python
import sys


class Job:
    def __init__(self, name):
        self.name = name

    def run(self):
        print(self.name)


def create_job(name):
    return Job(name)


def main(arguments):
    '''Run a job for each argument; later ones win where two have the same name.'''
    for job in {name: create_job(name) for name in arguments}.values():
        job.run()


main(sys.argv[1:])
```

## Kept: it says more than the code, or is the body

```python
import sys


class JobError(Exception):
    '''A job error.'''


def get_timeout(job):
    '''Return the timeout of the job in seconds.'''
    return job.timeout


def check_job(job):
    '''Check the job, which must not run yet.'''
    if job.running:
        raise JobError(job)


check_job(sys.argv)
get_timeout(sys.argv)
```

## Kept: the help of a command, and what a framework gets hold of

```python
import atexit

import click
from pydantic import BaseModel


class Order(BaseModel):
    '''The order.'''

    name: str


@click.command()
def list_orders():
    '''List the orders.'''
    print(Order(name="a"))


def stop():
    '''Stop.'''
    print("stop")


atexit.register(stop)
list_orders()
```

## Kept: the program shows docstrings

```python
def run_job(name):
    '''Run the job.'''
    print(name)


COMMANDS = {"run": run_job}
print([command.__doc__ for command in COMMANDS.values()])
run_job("a")
```

## Kept: a tool demands them

```toml pyproject.toml
[tool.debloat]
world = "application"

[tool.ruff.lint]
select = ["D"]
```

```python app.py
def run_job(name):
    '''Run the job.'''
    print(name)


run_job("a")
```

## Kept: what a library exports

```toml pyproject.toml
[tool.debloat]
world = "library"
```

```python jobs.py
class Job:
    '''A job.'''

    name = "a"

    def run(self):
        '''Run the job.'''
        print(self.name)
```
"""

from collections.abc import Iterator

from debloat.facts.words import concept, parts, tells
from debloat.model import Applicability, Evidence, Finding, Proof, Span
from debloat.program import Program
from debloat.program.documented import is_needed
from debloat.refactor.requests import DropDocstring
from debloat.worlds import World

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each docstring that the facts of its file say to restate, and that nobody needs."""
    for number in program.judged:
        file = program.files[number]
        whole = program.part(file.path).world is World.LIBRARY
        for found in program.facts[number].restating:
            scope = program.index.base[number] + found.scope
            spare = not (whole or tells(found.missing)) and found.line == found.end_line
            named = _is_named(found.missing, file.module)
            if found.scope >= 0 and (named or spare) and not is_needed(program, scope):
                span = Span(file.path, found.line, found.column, found.end_line, found.end_column)
                code = program.index.span(scope)
                said = Evidence("syntax", Proof.PROVED, code, "the definition says every word of it")
                if not named:
                    said = Evidence("syntax", Proof.ASSUMED, code, f"that nobody needs the word {found.missing}")
                evidence = (
                    said,
                    Evidence("callers", Proof.PROVED, code, "no code reads docstrings or hands it to code that might"),
                )
                message = f"docstring of {program.index.name(scope)} only says what the code says: delete it"
                lines = found.end_line - found.line + 1
                name = program.index.qualified(scope)
                yield Finding(span, message, name, evidence, TIER, lines, refactoring=DropDocstring(span))


def _is_named(missing: str, module: str) -> bool:
    """Whether the word that a file does not say is in the name of its module."""
    return not missing or concept(missing) in parts(module)
