"""The harness: tells, requirement by requirement, whether a camera's heat map does what it must.

It speaks only to a URL, as a client would, and never imports the emulator: the judge shares no
code with the judged, or a bug in both would pass. Expected values come from the documents or
from the harness's own arithmetic, slow and obvious.

  address trust client pace   reach the device, within bounds; exchange raw: what came;
                              challenges: log-ins that are not as clients make them
  dialect camera forms        how its firmware spells things (dialects/*.toml), and our words for it
  layers markup wording wire  settings that are no plain JSON: where they stand
  grids periods signing       how a region and a day are spelled; a page's own log-in
  learning                    a dialect from a browser's recording (docs/dialects.md)
  target gate                 who it is, and what the documents claim of that
  journal keeper restoring    what is changed is written down first, and put back; safety: how far
  control scenes              an emulated camera's time, scene and mains; what it is shown
  oracle shoplife colours     what must come: rows, values, edges, names; filled heat; a map's hues
  stimulus         scenes on a screen before the lens, where nothing controls the scene
  stage receiving habits      heat that is known, reports as numbers; where exports are delivered;
                              how a device counts, so that no other rule is blamed for it
  onvif streams known         what recorders see; what a run has learned of it
  checks judge expect         the checks, and how a verdict is made of one (docs/conformance.md)
  relations                   what several of them expect of heats
  documented oracle           the catalogue's numbers, and its arithmetic
  fuzz                        requests that nobody typed out, in orders that nobody thought of
  run checking ending         one run from reaching the device to its reports
  catalogue verdict waivers   requirements.toml; from checks to requirements to an exit code
  report                      results.json, and what is made from it; har: the evidence
  cli plugin                  the commands; the same checks under plain pytest

What could not be checked is reported as not checked, never as passed. Nothing is changed on a
device without being allowed to, and every device is given back as it was found. A check says
what it did, what it expected and what it saw, so that a reader can disagree.
"""
