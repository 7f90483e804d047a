"""What is known of the functions and types that come with Python, as far as the flow of objects goes.

The sets hold dotted names; builtins are rooted at ``<builtin>``. A function that is in none of them is unknown: it may
keep, call or change whatever it is given. Source: the Library Reference, "Built-in Functions" and "Built-in Types".
"""

from __future__ import annotations

import builtins
import sys
from abc import ABC
from collections import OrderedDict, defaultdict, deque
from types import GeneratorType
from typing import Generic, Protocol

# Look at their arguments through special methods at most and keep nothing.
INERT = frozenset(
    f"<builtin>.{name}"
    for name in (
        "abs all any ascii bin bool bytes callable chr complex delattr divmod float format hash hex id int isinstance "
        "issubclass len oct open ord pow print range repr round slice str"
    ).split()
) | {"dataclasses.is_dataclass", "json.dumps", "json.dump", "typing.reveal_type", "typing.assert_never"}

# Of these, those that do something beside.
ACTING = frozenset({"<builtin>.delattr", "<builtin>.open", "<builtin>.print", "json.dump"})

# Give back what they are given, or a container of it or of its elements.
PASSING = frozenset(
    f"<builtin>.{name}"
    for name in "aiter anext dict enumerate filter frozenset iter list max min next reversed set sorted sum tuple zip".split()
) | {
    "collections.ChainMap",
    "collections.OrderedDict",
    "collections.defaultdict",
    "collections.deque",
    "contextlib.nullcontext",
    "copy.copy",
    "copy.deepcopy",
    "dataclasses.replace",
    "heapq.heappop",
    "itertools.chain",
    "itertools.chain.from_iterable",
    "itertools.islice",
    "typing.cast",
}

# Of these, those that make a container of what iterating over their one argument gives.
COPYING = frozenset(f"<builtin>.{name}" for name in "frozenset list set sorted tuple".split()) | {"collections.deque"}

# Make a container of copies of all that an object has in its fields.
UNFOLDING = frozenset({"dataclasses.asdict", "dataclasses.astuple"})

# Of what these are given, they give back what awaiting it gives.
# https://docs.python.org/3/library/asyncio-task.html
AWAITING = frozenset(f"asyncio.{name}" for name in "create_task ensure_future run shield wait_for".split())
# Go over a container, and keep and change nothing of it.
READING = (
    frozenset(
        f"itertools.{name}"
        for name in "accumulate batched combinations combinations_with_replacement compress cycle dropwhile filterfalse "
        "groupby pairwise permutations product starmap takewhile zip_longest".split()
    )
    | {"collections.Counter", "heapq.nlargest", "heapq.nsmallest", "math.fsum", "math.prod", "random.choice"}
    | {"random.choices", "random.sample", "statistics.mean", "statistics.median", "statistics.stdev"}
)

# Ask nothing of an object that it has in its fields ...
UNASKING = frozenset(
    f"<builtin>.{name}"
    for name in "bool callable delattr getattr hasattr id isinstance issubclass len setattr super type".split()
) | {"copy.copy", "copy.deepcopy", "typing.cast", "typing.assert_never", "typing.reveal_type", "contextlib.nullcontext"}
# ... nor do the methods by which containers keep it; those that compare what they are given or hash it do.
KEEPING = frozenset({"append", "appendleft", "extend", "extendleft", "insert"})
CACHES = frozenset({"functools.cache", "functools.lru_cache", "functools.singledispatch"})

# Of these, those that give the argument itself back and do not call it.
GIVES_BACK = frozenset({"typing.cast", "copy.copy", "copy.deepcopy", "contextlib.nullcontext"})

# Call an argument: the position or the keyword at which they take it.
CALLING: dict[str, tuple[int | str, ...]] = {
    "<builtin>.map": (0,),
    "<builtin>.filter": (0,),
    "<builtin>.sorted": ("key",),
    "<builtin>.min": ("key",),
    "<builtin>.max": ("key",),
    "functools.reduce": (0,),
}

# Types whose calls make a new container.
CONTAINERS = frozenset(
    {
        "<builtin>.dict", "<builtin>.list", "<builtin>.set", "<builtin>.tuple", "<builtin>.frozenset",
        "collections.defaultdict", "collections.deque", "collections.OrderedDict",
    }
)  # fmt: skip

# Methods of the builtin containers that store their arguments in the container.
STORING = frozenset({"append", "appendleft", "add", "extend", "extendleft", "insert", "update", "setdefault"})
# ... that give one of its elements.
ELEMENTS = frozenset({"get", "pop", "popleft", "popitem", "setdefault", "__getitem__"})
# ... that give a container of the same elements.
COPIES = frozenset({"copy", "values", "items", "keys", "union", "intersection", "difference"})
# ... that do neither.
PLAIN = frozenset(
    {
        "clear", "count", "discard", "index", "isdisjoint", "issubset", "issuperset", "join", "remove", "reverse", "sort",
        "difference_update", "intersection_update", "move_to_end", "rotate", "symmetric_difference_update",
    }
)  # fmt: skip
# What containers and generators have as attributes at all.
CONTAINER_ATTRIBUTES = frozenset(
    name
    for kind in (list, tuple, set, frozenset, dict, deque, defaultdict, OrderedDict, GeneratorType)
    for name in dir(kind)
)
CONTAINER_METHODS = STORING | ELEMENTS | COPIES | PLAIN

# Functions that make an object or look at the clock, and that nobody but those who take what they give notices.
SILENT = frozenset(
    {
        "<builtin>.object", "asyncio.Event", "asyncio.Lock", "asyncio.Queue",
        "asyncio.Semaphore", "collections.ChainMap", "collections.defaultdict", "collections.namedtuple",
        "contextvars.ContextVar", "datetime.date", "datetime.date.today", "datetime.datetime", "datetime.datetime.now",
        "datetime.datetime.utcnow", "datetime.timedelta", "datetime.timezone", "decimal.Decimal", "enum.auto",
        "fractions.Fraction", "functools.partial", "io.BytesIO", "io.StringIO", "ipaddress.ip_network", "itertools.count",
        "logging.getLogger", "logging.Formatter", "operator.attrgetter", "operator.itemgetter", "operator.methodcaller",
        "<builtin>.str.maketrans", "os.environ.get", "os.getenv", "struct.Struct", "struct.calcsize",
        "os.path.abspath", "os.path.basename", "os.path.dirname", "os.path.join", "pathlib.Path", "pathlib.PurePath",
        "queue.Queue", "random.Random", "re.compile", "re.escape", "string.Template", "threading.Condition",
        "threading.Event", "threading.Lock", "threading.RLock", "threading.Semaphore", "threading.local",
        "time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.perf_counter_ns", "time.process_time", "time.time",
        "time.time_ns", "types.MappingProxyType", "types.SimpleNamespace", "typing.NewType", "typing.ParamSpec",
        "typing.TypeVar", "typing.TypeVarTuple", "typing_extensions.ParamSpec", "typing_extensions.TypeVar", "uuid.UUID",
        "uuid.uuid1", "uuid.uuid4", "weakref.WeakKeyDictionary", "weakref.WeakValueDictionary", "weakref.ref",
    }
)  # fmt: skip

# Decorators that leave the function what it is to its callers.
TRANSPARENT = frozenset(
    {
        "<builtin>.staticmethod", "<builtin>.classmethod", "<builtin>.property", "abc.abstractmethod",
        "functools.wraps", "functools.cache", "functools.lru_cache", "functools.cached_property",
        "contextlib.contextmanager", "contextlib.asynccontextmanager", "typing.override", "typing.overload",
        "typing.final", "typing.no_type_check", "typing_extensions.override", "typing_extensions.final",
        "typing_extensions.overload", "functools.total_ordering", "warnings.deprecated", "typing_extensions.deprecated",
        "dataclasses.dataclass", "attr.s", "attr.attrs", "attr.define", "attr.frozen", "attrs.define", "attrs.frozen",
        "attrs.mutable", "enum.unique", "typing.runtime_checkable", "typing_extensions.runtime_checkable",
    }
)  # fmt: skip
# Methods that run when a class or an object is called.
CONSTRUCTORS = ("__init__", "__new__", "__call__")
PROPERTIES = frozenset({"<builtin>.property", "functools.cached_property", "abc.abstractproperty"})

ENUMS = ("enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag")
# What imports a module by its name in a string, here or in a framework.
IMPORTERS = ("import_module", "__import__", "import_string", "exec_module", "run_module", "run_path", "load_module")

# Special methods that an operator gives its other operand to.
OPERATORS = frozenset(
    f"__{prefix}{name}__"
    for name in "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or".split()
    for prefix in ("", "r", "i")
)
COMPARISONS = frozenset({"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__"})
SUBSCRIPTS = frozenset({"__getitem__", "__class_getitem__", "__missing__", "__setitem__", "__delitem__"})
INSTANCE_CHECKS = frozenset({"__instancecheck__", "__subclasscheck__", "__subclasshook__"})
# Attributes that give away what a class or object holds, its classes, or another object like it.
REVEALING = frozenset(
    {
        "__annotations__", "__dict__", "__subclasses__", "__mro__", "__bases__", "mro", "__getattribute__", "__reduce_ex__", "_make",
        "_replace",
    }
)  # fmt: skip

# Outside bases that call nothing on their subclasses but what they define themselves: only what overrides them is called.
CLOSED_BASES = frozenset(
    {
        "abc.ABC", "enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag", "typing.Generic",
        "typing.NamedTuple", "typing.Protocol", "typing.TypedDict", "typing_extensions.Protocol",
        "typing_extensions.TypedDict", "typing_extensions.NamedTuple",
    }
)  # fmt: skip

# Of these, those that add next to nothing to what is below them.
_PLAIN_BASES: dict[str, type] = {"abc.ABC": ABC, "typing.Generic": Generic, "typing.Protocol": Protocol}

# The runner makes the objects of test cases, calls their methods and looks at nothing else of them.
_TEST_CASES = frozenset(
    {"unittest.TestCase", "unittest.IsolatedAsyncioTestCase", "unittest.case.TestCase", "django.test.TestCase"}
)


_RUNNERS = ("framework: pytest ", "framework: pytest-by-path ", "framework: unittest ", "outside base: unittest.")


def is_runner(reason: str) -> bool:
    """Whether an opening is a test runner's, which calls the methods of what it finds and nothing else."""
    return reason.startswith(_RUNNERS)


def overrides_outside(base: str, name: str) -> bool:
    """Whether a method of that name may be called by its outside base ``base`` (dotted)."""
    if base in CLOSED_BASES:
        return False
    builtin = getattr(builtins, base.removeprefix("<builtin>."), None) if base.startswith("<builtin>.") else None
    return not isinstance(builtin, type) or hasattr(builtin, name)


def lacks(base: str, name: str) -> bool:
    """Whether neither an outside base nor its objects have an attribute of that name by themselves."""
    known = _PLAIN_BASES.get(base) or getattr(builtins, base.removeprefix("<builtin>."), None)
    return (
        isinstance(known, type) and (base in _PLAIN_BASES or base.startswith("<builtin>.")) and not hasattr(known, name)
    )


def enumerates(base: str) -> bool:
    """Whether an outside base may find its subclasses by itself: anything but what is known not to."""
    if base.startswith("<builtin>.") or base in CLOSED_BASES:
        return False
    return base == "?" or base.partition(".")[0] not in sys.stdlib_module_names or base.startswith("unittest.")


def makes_objects(base: str) -> bool:
    """Whether an outside base may make objects of its subclasses: ``Enum`` does, exceptions and containers do not."""
    if base in _TEST_CASES:
        return False
    return base.startswith("enum.") or (not base.startswith("<builtin>.") and base not in CLOSED_BASES)
