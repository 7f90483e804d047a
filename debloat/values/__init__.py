"""What expressions can be: an abstract interpretation on demand, flow-sensitive in functions, joined over all callers."""
