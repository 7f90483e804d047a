"""Random events, configurations and command lines for the relay, and calls of what it exports."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from tests.differential import Case

_TEXTS = ["hello world", " a  b ", "", "Hello hello", "é ß", "line\nbreak"]
_BODIES: dict[str, list[Any]] = {
    "text": [*_TEXTS, 5, ["a"], None, True],
    "words": _TEXTS,
    "echo": [*_TEXTS, {"a": 1}, [1], 1.5, None, False],
    "sum": [[1, 2], [1.5, "2"], ["0x1"], [True], [], "12", 5, None, [None], [1e308, 1e308, -1e309], ["nan"], {"1": 2}],
    "mean": [[1, 2], [], ["a"], [1, "a"], [True, 2], 5, "ab", [None]],
    "sqrt": [2, -1, "x", None, 16, True, 1e300, [4]],
    "flaky": [0, 1, 2, 3, "x", True],
    "fork": [["a", "b"], [], "ab", 5, {"k": 1}, [[1], None]],
    "set": [{"prefix": "> "}, {"limit": 1}, {"limit": "x"}, {"colour": 1}, {}, 5, {"prefix": 0}, {"limit": None}],
    "other": ["x", None],
}
_LINES = [
    "nonsense",
    "[]",
    "null",
    "# comment",
    "  ",
    '{"kind": ""}',
    '{"kind": 5, "body": 1}',
    '{"kind": "text", "priority": 9}',
]
_LINES += ['{"kind": "echo", "body": NaN}', '{"kind": "echo", "priority": ["LOW"]}', '{"kind": ["a"]}', '"kind"']
_STAGES = [
    "dedupe", "urgent", "sample", "prefix", "filter", "nope", {"name": "prefix", "text": "-", "kinds": ["echo"]}, {"text": "x"},
    {"name": "filter", "condition": 'kind == "text" or number > 4'}, {"name": "filter", "condition": "body > 1 and not false"},
    {"name": "filter", "condition": 'kind in ("sum", "echo")'}, {"name": "filter", "condition": "size > 1"},
    {"name": "filter", "condition": "1 < 2 < 3"}, {"name": "filter", "condition": "body is none"}, {"name": "filter", "condition": "("},
    {"name": "filter", "condition": "number"}, {"name": "filter", "condition": '"l" in body'}, {"name": "sample", "often": 1},
    {"name": "sample", "every": 3, "offset": 1}, {"name": "prefix", "text": None}, {"name": "marker"}, 5,
]  # fmt: skip
_SINKS = [
    "print",
    "none",
    "loud",
    "summary",
    "file",
    "nope",
    "plug:Lines",
    "relay.context:Tally",
    "no_module:x",
    ":x",
    "relay.sinks:BaseSink",
]
_PLUGIN = """\
from relay import hooks
from relay.registry import handler
from relay.sinks import BaseSink
from relay.stages import Stage


class Marker(Stage):
    def change(self, message):
        return message.with_body([message.body, message.history()])


class Lines(BaseSink):
    def deliver(self, number, kind, result):
        print(self.target, number, kind, result, sep="|")


@handler("other")
def other(message, context):
    "From outside."
    context.note("others")
    return message.with_body(message.history()).body


@hooks.on_finish
def tell(context, report):
    print("plug", report.handled, report.total, context.notes())
"""
_LOCAL = [
    'STYLE = "json"\n', "WIDTH = 8\n__all__ = ['WIDTH']\nSTYLE = 'json'\n", "def as_text(value, compact):\n    return repr((value, compact))\n",
    "_STYLE = 1\nimport math as json\n", "WIDTH = None\n",
]  # fmt: skip
_CODE = """\
import copy, pickle
import relay
print(sorted(relay.__all__), relay.DeliveryError("x"))
message = relay.make_message({number}, {raw!r})
print(message, relay.Priority(message.priority).name, message.history(), pickle.loads(pickle.dumps(message)) == message)
message.mark("x")
print(message.history(), copy.copy(message).history(), hash(message) == hash(message.with_body(1)), message == 5)
print(relay.Reply(message, 1).urgency(), relay.Event is relay.Message, relay.Nothing)
"""
SABOTAGE = ("relay/messages.py", 'return getattr(self, "priority", Priority.LOW)', "return self.priority")


def case(random: Random) -> Case:
    """A file of events, perhaps a configuration and a plug-in, and a few commands."""
    files = {"events": "".join(_line(random) + "\n" for _ in range(random.randint(0, 9)))}
    if random.random() < 0.5:
        files["plug.py"] = _PLUGIN
    if random.random() < 0.2:
        files["relay_local.py"] = random.choice(_LOCAL)
    settings = _settings(random)
    if settings is not None:
        files["config.json"] = settings
    steps: list[dict[str, Any]] = []
    for _ in range(random.randint(1, 3)):
        command = ["run", "events" if random.random() < 0.97 else "missing"]
        command += ["--config", "config.json"] if settings is not None or random.random() < 0.05 else []
        command += [option for option in ("--eventually", "--verbose") if random.random() < 0.4]
        steps.append({"argv": command})
    if random.random() < 0.4:
        steps.append({"argv": ["report", random.choice(["report.json", "report.json", "events", "missing"])]})
    if random.random() < 0.4:
        steps.append({"argv": ["shell"], "stdin": _shell(random)})
    if random.random() < 0.1:
        steps.append({"argv": random.choice([["handlers"], ["--help"], [], ["run"], ["bogus"], ["run", "--help"]])})
    if random.random() < 0.2:
        raw = random.choice(
            [{"kind": "a"}, {"kind": "b", "priority": "HIGH", "body": 1}, {"priority": "x"}, [], {"kind": 0}]
        )
        steps.append({"code": _CODE.format(number=random.choice([1, "x"]), raw=raw)})
    return {"files": files, "steps": steps}


def _line(random: Random) -> str:
    if random.random() < 0.1:
        return random.choice(_LINES)
    kind = random.choice(list(_BODIES))
    event = {"kind": kind, "body": random.choice(_BODIES[kind][: None if random.random() < 0.4 else 2])}
    if random.random() < 0.3:
        event["priority"] = random.choice(["LOW", "HIGH", "NORMAL", "TOP", 5, None])
    return json.dumps(event)


def _settings(random: Random) -> str | None:
    if random.random() < 0.3:
        return None
    if random.random() < 0.05:
        return random.choice(["[]", "{", '{"worker": 1}', '{"workers": "x"}', '{"stages": 1}', '{"workers": -1}', "5"])
    settings: dict[str, Any] = {}
    if random.random() < 0.6:
        likely = [stage for stage in _STAGES[:11] if stage != "nope" and stage != {"text": "x"}]
        stages = likely if random.random() < 0.85 else _STAGES
        settings["stages"] = random.sample(stages, random.randint(0, 3))
    if random.random() < 0.5:
        settings["sink"] = random.choice(_SINKS[:5] if random.random() < 0.8 else _SINKS)
    if random.random() < 0.4 or settings.get("sink") == "file":
        settings["target"] = random.choice(["out", "out", "", "nowhere/out"])
    rest: dict[str, list[Any]] = {
        "workers": [0, 1, 3], "report": ["report.json"], "checkpoint": ["kept"], "timeout": [1], "encoding": ["x"],
        "plugins": [["relay.notices"], ["plug"], None, [], ["no_such_module"], ["relay.notices", "plug"]],
    }  # fmt: skip
    for key, options in rest.items():
        if random.random() < 0.35:
            settings[key] = random.choice(options)
    return json.dumps(settings)


def _shell(random: Random) -> str:
    lines = [
        "open kept",
        "open kept",
        "open events",
        "open missing",
        "ls",
        "list",
        "list sum",
        "show 1",
        "show 3",
        "show",
        "?",
    ]
    lines += ["help", "q", "quit 1", "nope", "'", "", "# x", "list a b", "show '2'"]
    return "".join(random.choice(lines) + "\n" for _ in range(random.randint(1, 7)))
