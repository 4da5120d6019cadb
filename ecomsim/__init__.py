"""A day in the store, simulated many times, all departments in one picture."""
