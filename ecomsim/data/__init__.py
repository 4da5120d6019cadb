"""Exports -> canonical tables: what was read, mapped, ignored and refused."""
