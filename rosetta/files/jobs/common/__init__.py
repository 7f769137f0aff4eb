"""Functions that several jobs use."""
