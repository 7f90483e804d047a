"""The files of a project linked to one program."""

from debloat.program.program import Program, load_program

__all__ = ["Program", "load_program"]
