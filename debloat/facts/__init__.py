"""One file to facts: plain data that no later layer needs the tree for."""
