"""Drawn scenes: documents in, pictures and their truth out."""
