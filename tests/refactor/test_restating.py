"""Comments and docstrings that restate go without a trace; those that say anything more stay to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.config import Config
from debloat.engine import run
from debloat.model import Applicability
from debloat.program import load_program
from tests.refactor.programs import RULES, fixed

COMMENTS = {
    "import os\n# Get the current size\nsize = os.get_size()\n": "import os\nsize = os.get_size()\n",
    "ä = 'ä'\nsize = ä  # set the size to ä\nsize = len(ä)  # set the size\n": "ä = 'ä'\nsize = ä  # set the size to ä\nsize = len(ä)\n",
    "def f(jobs):\r\n    # Iterate over all jobs.\r\n    for job in jobs:\r\n        print(job)\r\nf([])\r\n": "def f(jobs):\r\n    for job in jobs:\r\n        print(job)\r\nf([])\r\n",
    "def f(job):\n    if job:\n        # Return the job\n        return job\n    # Finally, return the result\n    return 0\nf(1)\n": "def f(job):\n    if job:\n        return job\n    return 0\nf(1)\n",
    "def f(path):\n    # Check if the path exists\n    if path.exists():\n        print(path)\n    print(1)\nf(0)\n": "def f(path):\n    if path.exists():\n        print(path)\n    print(1)\nf(0)\n",
    "class A:\n    # Create the jobs\n    def create_jobs(self):\n        print(self)\nA().create_jobs()\n": "class A:\n    def create_jobs(self):\n        print(self)\nA().create_jobs()\n",
    "def f(r):\n    # Use the cached output\n    r.status = 'cached'\n    r.output = 2\nf(f)\n": "def f(r):\n    r.status = 'cached'\n    r.output = 2\nf(f)\n",
}
OWN_WORD = {
    "def f(size):\n    # Check the resulting size of f\n    check(size, f)\n": "def f(size):\n    check(size, f)\n",
    "def f(size):\n    # Check the size of f first\n    check(size, f)\n": None,
    "def f(size):\n    # Check the size of f quickly\n    check(size, f)\n": None,
    "def f(size):\n    # Check the PEP size of f\n    check(size, f)\n": None,
    "def f(size):\n    # Check the resulting size\n    check(size, f)\n": "def f(size):\n    check(size, f)\n",
    "def f(size):\n    # Check the result\n    check(size, f)\n": None,
}
KEPT_COMMENTS = [
    "# Get the size because it may grow\nsize = f()\n",
    "# Get the size again\nsize = f()\n",
    "# Do not print the size\nprint(size)\n",
    "# Print the size (it is in bytes)\nprint(size)\n",
    "# Print 3 sizes\nprint(size, 3)\n",
    "# Print the size\n\nprint(size)\n",
    "# Print the size\n# and more\nprint(size)\n",
    "x = [\n    # Print size\n    print(size),\n]\n",
    "text = '''\n# Print the size\n'''\nprint(size)\n",
    "text = '''\nsize = 1  # the size\n'''\n",
    "if size:\n    print(1)\n    # Print the size\nelif size:\n    print(size)\n",
    "# Import the sizes\nimport sizes\n",
    "# Print sizes\nPRINT_SIZES = 1\nNAMES = 2\n",
    "def f(jobs):\n    # Local jobs\n    jobs.append(local)\nf([])\n",
    "count = 0  # number of d to the right\n",
    "known = f()  # what is known\n",
    "size = f()  # noqa\n",
]
DOCSTRINGS = {
    "def parse_job(raw):\n    '''Parse the job.'''\n\n    return int(raw)\nparse_job(1)\n": "def parse_job(raw):\n    return int(raw)\nparse_job(1)\n",
    "class Job:\n\n    '''A job.'''\n\n    # its name\n    name = 1\nprint(Job.name)\n": "class Job:\n    # its name\n    name = 1\nprint(Job.name)\n",
    'def add(job: int) -> int:\n    """Add a job.\n\n    :param job: the job\n    :type job: int\n    :return: the added job\n    :rtype: int\n    """\n    return job\nadd(1)\n': "def add(job: int) -> int:\n    return job\nadd(1)\n",
    'def add(job, size=None):\n    """Add a job.\n\n    Parameters\n    ----------\n    job\n        The job.\n    size\n        Optional size of the job.\n    """\n    print(job, size)\nadd(1)\nadd(1, 2)\n': "def add(job, size=None):\n    print(job, size)\nadd(1)\nadd(1, 2)\n",
    "class Job:\n    name = 1\n\n    def is_named(self):\n        '''Return True if the job is named, False otherwise.'''\n        return bool(self.name)\nprint(Job().is_named())\n": None,
    "class Job:\n    name = 1\n\n    def is_named(self):\n        '''Return True if the job is named.'''\n        return bool(self.name)\nprint(Job().is_named())\n": "class Job:\n    name = 1\n\n    def is_named(self):\n        return bool(self.name)\nprint(Job().is_named())\n",
    "def add(job):\n    '''Add a job.'''; print(job)\nadd(1)\n": None,
    "def add(job):\n    '''Add a job.'''\nadd(1)\n": None,
    "def add(job):\n    '''Add a job.\n\n    >>> add(1)\n    '''\n    print(job)\nadd(1)\n": None,
    "def add(job):\n    '''Add a job.\n\n    :param job: number of seconds\n    '''\n    print(job)\nadd(1)\n": None,
    "def add(job):\n    '''Add a job.\n\n    :type job: int\n    '''\n    print(job)\nadd(1)\n": None,
    "import inspect\ndef add(job):\n    '''Add a job.'''\n    print(job)\nadd(1)\nprint(inspect.getdoc(add))\n": None,
    "def add(job):\n    '''Add a job.'''\n    print(job)\ndef drop(job):\n    '''Drop a job.'''\n    print(job)\nadd(1)\nfor job in [drop]:\n    job(1)\n    print(job.__doc__)\n": "def add(job):\n    print(job)\ndef drop(job):\n    '''Drop a job.'''\n    print(job)\nadd(1)\nfor job in [drop]:\n    job(1)\n    print(job.__doc__)\n",
    "def add(job):\n    '''Add the shop.jobs job.'''\n    print(job, 'shop', 'jobs')\nadd(1)\n": None,
    "import unknown\ndef add(job):\n    '''Add a job.'''\n    print(job)\nunknown.register(add)\n": None,
    "import cmd\nclass Shell(cmd.Cmd):\n    def do_add(self, job):\n        '''Add a job.'''\n        print(job)\nShell().cmdloop()\n": None,
    "import pytest\n@pytest.fixture\ndef job():\n    '''The job.'''\n    return 1\n": None,
}


@pytest.mark.parametrize("before", [*COMMENTS, *KEPT_COMMENTS])
def test_a_comment_goes_only_where_the_code_says_all_of_it(before: str, tmp_path: Path) -> None:
    result, outcome = fixed({"app.py": before}, tmp_path, "restating-comment", lowest=Applicability.SAFE)
    assert result == {"app.py": COMMENTS.get(before, before)}, outcome.refused


@pytest.mark.parametrize("before", OWN_WORD)
def test_one_word_of_its_own_makes_it_unsafe(before: str, tmp_path: Path) -> None:
    for lowest, expected in ((Applicability.SAFE, None), (Applicability.UNSAFE, OWN_WORD[before])):
        result, outcome = fixed({"app.py": before}, tmp_path, "restating-comment", lowest=lowest)
        assert result == {"app.py": expected or before}, outcome.refused


@pytest.mark.parametrize("before", DOCSTRINGS)
def test_a_docstring_goes_only_where_the_definition_says_all_of_it(before: str, tmp_path: Path) -> None:
    result, outcome = fixed({"app.py": before}, tmp_path, "restating-docstring", lowest=Applicability.UNSAFE)
    assert result == {"app.py": DOCSTRINGS[before] or before}, outcome.refused


def test_pages_made_of_docstrings_keep_those_of_public_names(tmp_path: Path) -> None:
    before = "def add(job):\n    '''Add a job.'''\n    print(job)\ndef _drop(job):\n    '''Drop a job.'''\n    print(job)\nadd(1)\n_drop(1)\n"
    (tmp_path / "mkdocs.yml").write_text("plugins: [mkdocstrings]\n")
    result, _ = fixed({"app.py": before}, tmp_path, "restating-docstring", lowest=Applicability.UNSAFE)
    assert result == {"app.py": before.replace("    '''Drop a job.'''\n", "")}


def test_a_library_keeps_comments_that_are_no_habit(tmp_path: Path) -> None:
    text = "import os\n# Get the current size\nsize = os.get_size()\n\n" + "print(size)\n" * 1500
    (tmp_path / "app.py").write_text(text)
    for least, count in ((1.0, 0), (0.5, 1)):
        config = Config(rules={"restating-comment": {"per-thousand-lines": least}})
        program = load_program(tmp_path, config, jobs=1, cache=False, world="library", progress=lambda *_: None)
        report = run(program, RULES, paths=[""], select=["restating-comment"], ignore=[], started=0.0)
        assert len(report.findings) == count
