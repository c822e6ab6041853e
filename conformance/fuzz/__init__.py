"""Fuzzing: requests that nobody typed out, in orders that nobody thought of.

  steps     a request as a value, and sequences of them: to the wire, to a file, to curl
  drawing   Hypothesis's strategies: right, on the edge, wrong, repeated, huge, odd
  meaning   what a request must do to the settings, by the catalogue alone
  laws      accepted means read back equal, refused means said so and unchanged; reports' forms
  playing   sends a sequence, and compares each answer with the laws
  hunting   searches for a sequence that breaks a rule, and shrinks it, within a budget
  finding   what was found, as a file that can be played against another device

steps, meaning and laws are pure. A sequence names settings by our names, so that it means the
same in every dialect.
"""
