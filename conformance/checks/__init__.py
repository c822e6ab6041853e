"""The checks, one file a chapter. How one is written: docs/conformance.md."""
