"""Random files of orders for the shop."""

from __future__ import annotations

from random import Random

from tests.differential import Case

_HEADER = "order,customer,country,sku,price,quantity\n"
_PRICES = ["10.00 EUR", "2.50", " 99.995", "1e3", "0", "-4", "EUR", "", "ten", "nan", "1,5", "250EUR"]
SABOTAGE = ("shop/pricing.py", "TAX_RATES.get(country, 0.0)", "TAX_RATES[country]")


def case(random: Random) -> Case:
    """A file of orders and one or two looks at it."""
    broken = random.random() < 0.2
    rows = [_row(random, broken) for _ in range(random.randint(0, 6))]
    header = _HEADER if random.random() < 0.95 else "order,customer\n"
    files = {"orders.csv": header + "".join(rows)}
    steps = [{"argv": ["orders.csv", *random.choice([[], ["--summary"]])]} for _ in range(random.randint(1, 2))]
    if random.random() < 0.05:
        steps.append({"argv": random.choice([["missing.csv"], [], ["--help"], ["orders.csv", "--bogus"]])})
    return {"files": files, "steps": steps}


def _row(random: Random, broken: bool) -> str:
    prices = _PRICES if broken else _PRICES[:6]
    cells = [
        str(random.randint(1, 3)) if random.random() < 0.95 or not broken else "x",
        random.choice(["Ada", "Bob", "", '"Zoë, Ltd"']),
        random.choice(["DE", "FR", "NL", "US", ""]),
        random.choice(["ab 12", " cd", "EF-1", ""]),
        random.choice(prices),
        random.choice(["1", "2", "20", "40", "100", "-1"]),
    ]
    return ",".join(cells[: None if random.random() < 0.97 else 5]) + "\n"
