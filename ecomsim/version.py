"""The version of this release, written into every stored result."""

__version__ = "0.1.0"
