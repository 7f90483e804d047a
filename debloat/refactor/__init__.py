"""The refactorings that fixes are made of: one a file, written on the LibCST tree, with their preconditions as evidence."""
