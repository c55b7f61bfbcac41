"""Random cases for every kind of file and every callback of the dashboard (`python -m tests.fuzz --cases 100000`).

A case begins from a shipped file or from the request that a page sends, and is changed at random (`mutator`). The
program may accept it or refuse it with one of its own errors that names file, line and field; anything else is a
defect, as is a case that takes more than two seconds of a core. The same seed gives the same case.
"""
