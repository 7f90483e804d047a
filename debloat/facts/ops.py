"""The flow form: the instructions that one scope of source code is lowered to.

The code of a file is one flat sequence of ints. An instruction is its opcode, the line and column of its token, and its
operands; an instruction that yields a value is named by its own position, so operands refer backwards and the sequence
is in evaluation order. Control flow stays structured (``IF`` .. ``ELSE`` .. ``END``), so one pass forward can follow it.

Operand letters: ``v`` a value (position of the instruction that yields it, -1 for none), ``n`` an index into the file's
names, ``k`` an index into its constants, ``s`` a scope index, ``i`` a plain int; ``*`` before a group means a count and then
that many groups, each as long as the letters in brackets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

FORMATS = {
    # values
    "CONST": "k",
    "NAME": "n",
    "ATTR": "vn",
    "CALL": "iiv*(v)*(nv)",  # end line, end column, callee, arguments, keywords (name -1: ** unpacking)
    "SUBSCRIPT": "vv",
    "BINARY": "ivv",
    "UNARY": "iv",
    "BOOL": "i*(v)",
    "COMPARE": "iiv*(iv)",  # end line, end column, left, (operator, right)
    "CONDITIONAL": "vvv",
    "SEQUENCE": "i*(v)",
    "DICT": "*(vv)",  # key -1: ** unpacking
    "LAMBDA": "s",
    "COMPREHENSION": "isv",  # kind, scope, first iterable
    "FSTRING": "*(v)",
    "YIELD": "v",
    "YIELD_FROM": "v",
    "AWAIT": "v",
    "STAR": "v",
    "SLICE": "vvv",
    "ELEMENT": "v",  # what iterating over the value gives
    "ITEM": "vii",  # what unpacking gives: index (-1 - n counts from the end), 1 for a starred target, 2 for the rest of a mapping
    "ENTER": "v",  # what the context manager's __enter__ returns
    "CAUGHT": "v",  # an exception of the handled types
    "IMPORTED": "i",  # index into the file's imports
    "FUNCTION": "s*(v)",  # decorators
    "CLASS": "s*(v)*(nv)*(v)",  # bases, keywords, decorators
    "UNKNOWN": "",
    # statements
    "STORE": "nvi",  # name, value, how it is bound
    "DECLARE": "nv",  # an annotation without a value
    "SET_ATTR": "vnv",
    "SET_ITEM": "vvv",
    "DEL_NAME": "n",
    "DEL_ATTR": "vn",
    "DEL_ITEM": "vv",
    "EXPR": "v",
    "ANNOTATION": "v",
    "RETURN": "v",
    "RAISE": "vv",
    "ASSERT": "vv",
    "BREAK": "",
    "CONTINUE": "",
    # structure
    "BRANCH": "iv",  # inside an expression: 0 and, 1 or, 2 then, 3 otherwise; 4 before the body of a while or case
    "IF": "iiv",  # end line, end column, test
    "WHILE": "iiv",
    "FOR": "iiv",
    "TRY": "iii",  # end line, end column, 1 for except*
    "EXCEPT": "iiv",  # end line, end column, type; the type follows
    "FINALLY": "",
    "WITH": "iiv",
    "MATCH": "iiv",
    "CASE": "v",  # guard; pattern and guard follow, the body after a BRANCH
    "MATCHES": "iv*(iv)",  # 1 if one of the alternatives is all it takes, subject, (PATTERN kind, operand)
    "ELSE": "",
    "END": "",
}

(
    CONST, NAME, ATTR, CALL, SUBSCRIPT, BINARY, UNARY, BOOL, COMPARE, CONDITIONAL, SEQUENCE, DICT, LAMBDA, COMPREHENSION,
    FSTRING, YIELD, YIELD_FROM, AWAIT, STAR, SLICE, ELEMENT, ITEM, ENTER, CAUGHT, IMPORTED, FUNCTION, CLASS, UNKNOWN,
    STORE, DECLARE, SET_ATTR, SET_ITEM, DEL_NAME, DEL_ATTR, DEL_ITEM, EXPR, ANNOTATION, RETURN, RAISE, ASSERT, BREAK, CONTINUE,
    BRANCH, IF, WHILE, FOR, TRY, EXCEPT, FINALLY, WITH, MATCH, CASE, MATCHES, ELSE, END,
) = range(len(FORMATS))  # fmt: skip

# SEQUENCE and COMPREHENSION kinds
LIST, TUPLE, SET, DICTIONARY, GENERATOR = range(5)
# STORE: how the name is bound
PLAIN, AUGMENTED, LOOP, CONTEXT, IMPORT, DEFINITION, HANDLER, PATTERN, WALRUS = range(9)
# COMPARE operators, in the order of ast's operator classes
EQ, NOT_EQ, LT, LT_E, GT, GT_E, IS, IS_NOT, IN, NOT_IN = range(10)
# MATCHES kinds: is a singleton, equals a value, is an instance of a class, has that shape, anything
SINGLETON, EQUAL, INSTANCE, SHAPE, ANYTHING = range(5)
# UNARY operators
NOT, NEGATE, PLUS, INVERT = range(4)

# What begins a structure, and what begins its further sections or ends it
OPENING = frozenset({IF, WHILE, FOR, TRY, WITH, MATCH})
SECTIONS = frozenset({EXCEPT, FINALLY, CASE, ELSE, END})

FIXED = [3 + len(f) if "*" not in f else 0 for f in FORMATS.values()]


def _groups(form: str) -> tuple[tuple[bool, str], ...]:
    """The operand groups of a format: (repeated, letters)."""
    groups: list[tuple[bool, str]] = []
    plain, *repeated = form.split("*")
    if plain:
        groups.append((False, plain))
    for part in repeated:
        inside, _, after = part[1:].partition(")")
        groups.append((True, inside))
        if after:
            groups.append((False, after))
    return tuple(groups)


_GROUPS = [_groups(form) for form in FORMATS.values()]
_LENGTHS = [tuple((repeated, len(letters)) for repeated, letters in groups) for groups in _GROUPS]


def size(code: Sequence[int], pc: int) -> int:
    """The number of ints that the instruction at ``pc`` takes."""
    op = code[pc]
    fixed = FIXED[op]
    if fixed:
        return fixed
    end = pc + 3
    for repeated, length in _LENGTHS[op]:
        end += 1 + code[end] * length if repeated else length
    return end - pc


def instructions(code: Sequence[int], start: int, end: int) -> Iterator[int]:
    """The positions of the instructions between two positions, in order."""
    pc = start
    while pc < end:
        yield pc
        pc += FIXED[code[pc]] or size(code, pc)


def operands(code: Sequence[int], pc: int) -> Iterator[tuple[str, int]]:
    """The operands of the instruction at ``pc`` as (letter, int); counts are left out."""
    at = pc + 3
    for repeated, letters in _GROUPS[code[pc]]:
        count = 1
        if repeated:
            count = code[at]
            at += 1
        for _ in range(count):
            for letter in letters:
                yield letter, code[at]
                at += 1


# Where the values stand in an instruction of fixed size, counted from its start; None where a group repeats.
_VALUES = [
    None if "*" in form else tuple(3 + i for i, letter in enumerate(form) if letter == "v") for form in FORMATS.values()
]


def values(code: Sequence[int], pc: int) -> Iterable[int]:
    """The values that the instruction at ``pc`` uses."""
    offsets = _VALUES[code[pc]]
    if offsets is not None:
        return [code[pc + offset] for offset in offsets if code[pc + offset] >= 0]
    return [operand for letter, operand in operands(code, pc) if letter == "v" and operand >= 0]
