"""Generator of the flagship sample store: an independent program that never imports ecomsim."""
