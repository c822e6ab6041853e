"""The harness: tells, requirement by requirement, whether a camera's heat map does what it must.

It speaks only to a URL, as a client would, and never imports the emulator: the judge shares
no code with the judged, or a bug in both would pass. Expected values come from the documents
or from the harness's own arithmetic, slow and obvious.

  requirements.toml  the catalogue: id, chapter, level, the rule in our own words, its source
  checks             one file a chapter; each check cites the ids that it speaks for
  verdicts           pass, fail, not checked, not offered or waived, always with the reason

What could not be checked is reported as not checked, never as passed. Nothing is changed
on a device without being allowed to, and every device is given back as it was found.
A check says what it did, what it expected and what it saw, so that a reader can disagree.
Which firmware spells a request how is data (dialects), not code.
"""
