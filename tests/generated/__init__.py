"""Generated programs of several modules with all kinds of bloat, which print what they do."""
