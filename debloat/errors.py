"""What the command line says when something goes wrong."""

from __future__ import annotations

import errno
import gc
import os
from typing import Any, NoReturn

import click


class _Failure(click.ClickException):
    """One line on stderr and exit status 2."""

    exit_code = 2


class Commands(click.Group):
    """A group of commands in which whatever goes wrong is one line and exit status 2; DEBLOAT_DEBUG=1 shows more."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            raise _Failure("interrupted") from None
        except MemoryError:
            raise _Failure("out of memory; a smaller --jobs needs less") from None
        except OSError as error:
            _system_failure(error)
        except Exception as error:
            if os.environ.get("DEBLOAT_DEBUG"):
                raise
            _failure(error)
        finally:
            gc.freeze()  # at exit Python would look for garbage in the whole program, which takes 0.2 s


def _system_failure(error: OSError) -> NoReturn:
    if error.errno == errno.EPIPE:
        raise error  # the reader has left, which click lets pass quietly
    if error.errno == errno.ENOSPC:
        # what is still buffered for a full disk must not fail again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    raise _Failure(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)) from None


def _failure(error: Exception) -> NoReturn:
    from debloat.config import ConfigError
    from debloat.engine import SelectionError
    from debloat.gate import BaselineError
    from debloat.journal import JournalError
    from debloat.loader import LoadError
    from debloat.program.explain import UnknownSymbolError
    from debloat.revision import RevisionError
    from debloat.verify.place import VerifyError

    reading = ConfigError | SelectionError | LoadError | UnknownSymbolError | BaselineError | RevisionError
    if isinstance(error, reading | JournalError | VerifyError):
        raise _Failure(str(error)) from None
    said = " ".join(f"{type(error).__name__}: {error}".split())
    raise _Failure(f"internal error: {said}; DEBLOAT_DEBUG=1 shows where") from None
