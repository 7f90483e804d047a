"""Random books, bank statements, settings and command lines for the ledger, and calls of what it exports."""

from __future__ import annotations

import json
from random import Random

from tests.differential import Case

_DATES = ["2024-01-03", "2024-01-31", "2024-02-29", " 2024-03-01", "2023-02-29", "03.01.2024", ""]
_AMOUNTS = [
    "-45.20", "12,5", "2'500.00", "1.234,56", "-1,234", ".5", "0", "0.004", "+7", "- 3", "-99999999.99", "12.345",
    "1.2.3", "x", "", "1,2,3", "5 000", "٣", "-",
]  # fmt: skip
_PAYEES = ["Green Market", "City Rail", "Payroll Inc", "  Zoë's   Books ", "Hat shop", "unknown", "", " "]
_CATEGORIES = ["food", "Nice Things", "transport", " leisure ", "", "income"]
_TAGS = ["weekly", "Trip", "a b", "", "ü"]
_MONTHS = ["2024-01", "2024-02", "2024-13", "2024", "x-y", "2024-1", "0-1"]
_RAW = [
    "[]", "{", "", '{"schema": 3}', '{"schema": 2}', '{"schema": 2, "entries": [{}]}', '{"schema": "2"}', "null",
    '{"items": [{"number": 1, "date": "2020-01-01", "payee": "x", "amount": 1.005}]}', '{"items": 5}', '{"entries": []}',
    '{"schema": 2, "entries": [], "budgets": [{"category": "food"}]}', '{"schema": 2, "entries": null}',
]  # fmt: skip
_SETTINGS = [
    '{"path": "other.json"}', '{"default_format": "csv"}', '{"default_format": "xml"}', '{"colour": 1}', "{", "{}",
    '{"default_format": null}', '{"page_size": "x", "color": true}', '{"path": "sub/book.json"}', "[]", '{"load": 1}',
]  # fmt: skip
_CODE = """\
import ledger
for text in {texts!r}:
    try:
        print(ledger.parse_amount(text))
    except ledger.LedgerError as error:
        print(type(error).__name__, error, error.message, error.details, isinstance(error, ValueError))
print(ledger.VERSION, ledger.get_version(), sorted(ledger.__all__))
"""
SABOTAGE = ("ledger/models.py", 'data.get("tags") or []', 'data["tags"]')


def case(random: Random) -> Case:
    """A folder with or without a book, and a few commands in it."""
    files = {"bank.csv": "".join(_statement(random))}
    if random.random() < 0.5:
        files["book.json"] = random.choice(_RAW) if random.random() < 0.2 else _book(random)
    if random.random() < 0.15:
        files["ledger.json"] = random.choice(_SETTINGS)
    steps: list[Case] = [{"argv": _command(random)} for _ in range(random.randint(2, 7))]
    if random.random() < 0.1:
        steps.append({"code": _CODE.format(texts=random.sample([*_AMOUNTS, None, 5, ["1"]], 4))})
    return {"files": files, "steps": steps}


def _book(random: Random) -> str:
    entries = []
    for number in range(1, random.randint(1, 8)):
        entry = {
            "number": number,
            "date": random.choice(_DATES[:4]),
            "payee": random.choice(_PAYEES[:6]),
            "amount": random.choice([-4520, -1, 100, 250000, -30000]),
            "category": random.choice(_CATEGORIES[:3]),
            "note": random.choice(["", "to work", None]),
            "tags": random.sample(["weekly", "trip"], random.randint(0, 2)),
        }
        for key in ("category", "note", "tags"):
            if random.random() < 0.1:
                del entry[key]
        if random.random() < 0.04:
            entry[random.choice(list(entry))] = random.choice([None, 5, "x", 1.5, True, []])
        entries.append(entry)
    budgets = [{"category": name, "limit": random.choice([4000, 50, 10**6])} for name in random.sample(_CATEGORIES, 2)]
    return json.dumps({"schema": 2, "entries": entries, "budgets": budgets[: random.randint(0, 2)]})


def _statement(random: Random) -> str:
    if random.random() < 0.05:
        return ""
    delimiter = random.choice([";", ","])
    header = random.choice(
        [
            ["Booking Date", "Name", "Value", "Purpose"],
            ["date", "amount"],
            ["payee", " DATE ", "Amount"],
            ["when", "amount"],
        ]
    )
    rows = [header]
    for _ in range(random.randint(0, 5)):
        cells = {
            "date": random.choice(_DATES[:4] if random.random() < 0.8 else _DATES),
            "payee": random.choice(_PAYEES),
            "amount": random.choice(_AMOUNTS[:4] if random.random() < 0.8 else _AMOUNTS),
            "note": random.choice(["", "  two  words", "x" * 81]),
        }
        names = ["date", "payee", "amount", "note"] if len(header) == 4 else [name.strip().lower() for name in header]
        row = [cells.get(name, "?") for name in names]
        rows.append(row if random.random() < 0.9 else row[:-1] if random.random() < 0.5 else [])
    return "\ufeff" * (random.random() < 0.2) + "".join(
        delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) + "\n" for row in rows
    )


def _command(random: Random) -> list[str]:
    likely = random.random() < 0.8
    date = random.choice(_DATES[:4] if likely else _DATES)
    amount = random.choice(_AMOUNTS[:11] if likely else _AMOUNTS)
    month = random.choice(_MONTHS[:2] if likely else _MONTHS)
    category = random.choice(_CATEGORIES)

    def maybe(*arguments: str) -> list[str]:
        return [*arguments] if random.random() < 0.3 else []

    commands = [
        ["add", *maybe("--category", category), *maybe("--note", random.choice(["a  b", "n" * 81, ""])),
         *maybe("--tag", random.choice(_TAGS)), *maybe("--tag", random.choice(_TAGS)), "--", date, random.choice(_PAYEES), amount],
        ["list", *maybe("--month", month), *maybe("--category", category), *maybe("--tag", "trip"),
         *maybe("--limit", random.choice(["0", "2", "-1", "x"]))],
        ["remove", random.choice(["1", "2", "9", "x"])],
        ["report", random.choice(["category", "month", "payee"]), *maybe("--format", random.choice(["csv", "json", "text", "xml"])),
         *maybe("--output", random.choice(["report.txt", "nowhere/r.txt"]))],
        ["import", random.choice(["bank.csv", "bank.csv", "bank.csv", "missing.csv"]), *maybe("--strict")],
        ["budget", "--", category, amount],
        ["check", month],
    ]  # fmt: skip
    if random.random() < 0.03:
        return random.choice([[], ["--version"], ["--help"], ["bogus"], ["add", "--help"], ["add", "2024-01-01"]])
    command = random.choice([*commands, commands[0], commands[0], commands[3]])
    return [*maybe("--file", random.choice(["mine.json", "book.json"])), *command]
