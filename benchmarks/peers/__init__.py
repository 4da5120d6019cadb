"""What the engine is measured against and checked with: the same day written plainly, and order by order."""
