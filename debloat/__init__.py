"""debloat finds Python code that a program does not need. What a rule may import is here."""
